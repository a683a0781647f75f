import type { OptOutWords } from './optOut';

/**
 * The words that count where a location has no list of its own. The English ones are those that the FCC names as ways
 * to take consent back (47 CFR 64.1200); in other languages only what means nothing else in a conversation.
 */
export const DEFAULT_WORDS: OptOutWords = {
  stop: [
    ...['stop', 'stop all', 'stopall', 'end', 'cancel', 'quit', 'revoke', 'unsubscribe', 'opt out', 'optout'],
    ...['stop promotions', 'stop messages', 'remove me'],
    // Malay and Indonesian
    ...['berhenti', 'henti', 'hentikan', 'stop langganan', 'berhenti melanggan', 'berhenti berlangganan'],
    // Spanish and Portuguese
    ...['baja', 'darme de baja', 'alto', 'detener', 'parar', 'sair', 'descadastrar', 'cancelar inscrição'],
    ...['cancelar suscripción', 'cancelar assinatura'],
    // German, French, Italian, Dutch
    ...['stopp', 'abmelden', 'abbestellen', 'arrêt', 'arrêter', 'désabonner', 'me désabonner'],
    ...['disiscriviti', 'annulla iscrizione', 'afmelden', 'uitschrijven'],
    // Turkish, Russian, Vietnamese, Tagalog
    ...['dur', 'durdur', 'üyelikten çık', 'стоп', 'отписаться', 'dừng', 'hủy đăng ký', 'itigil'],
    // Arabic, Hebrew, Hindi, Tamil, Thai
    ...['توقف', 'إيقاف', 'الغاء الاشتراك', 'إلغاء الاشتراك', 'הסר', 'बंद करो', 'रोकें', 'நிறுத்து', 'หยุด'],
    // Chinese, Japanese, Korean
    ...['停止', '退订', '退訂', '取消订阅', '取消訂閱', '配信停止', '수신거부'],
  ],
  start: [
    ...['start', 'unstop', 'subscribe', 'resubscribe', 'opt in', 'optin'],
    ...['mula', 'mulai', 'langgan', 'berlangganan', 'alta', 'iniciar', 'empezar', 'comenzar', 'começar', 'voltar'],
    ...['starten', 'anmelden', 'démarrer', 'reprendre', "m'abonner", 'inizia', 'iscriviti', 'aanmelden'],
    ...['başlat', 'старт', 'подписаться', 'bắt đầu', 'simulan'],
    ...['ابدأ', 'اشتراك', 'התחל', 'शुरू करो', 'शुरू करें', 'தொடங்கு', 'เริ่ม'],
    ...['开始', '開始', '订阅', '訂閱', '再開', '수신동의'],
  ],
};

/** What a contact who opts out is told, where the location has no text of its own. */
export const DEFAULT_CONFIRMATION = 'You will get no more messages from us here. Reply START to get them again.';
