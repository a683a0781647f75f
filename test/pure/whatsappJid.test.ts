import fc from 'fast-check';
import { classifyJid, jidToLid, jidToPhone } from '../../src/channels/whatsapp/jid';

test.each([
  ['60123456789@s.whatsapp.net', '+60123456789'],
  ['60123456789:12@s.whatsapp.net', '+60123456789'],
  ['60123456789_1:12@s.whatsapp.net', '+60123456789'],
  ['60123456789@c.us', '+60123456789'],
  ['60123456789:99@hosted', '+60123456789'],
  ['275612345678901@lid', null],
  ['275612345678901:3@lid', null],
  ['120363012345678901@g.us', null],
  ['status@broadcast', null],
  ['0@s.whatsapp.net', null],
  ['60123456789', null],
  ['+60123456789@s.whatsapp.net', null],
  ['60123456789@evil.example@s.whatsapp.net', null],
  ['', null],
])('the phone number of %j is %j', (jid, phone) => {
  expect(jidToPhone(jid)).toBe(phone);
});

test('the digits of a hidden identity never become a phone number', () => {
  const device = fc.constantFrom('', ':1', ':99', '_1:2');
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 999_999_999_999_999n }), device, (user, mark) => {
      expect(jidToPhone(`${user}${mark}@lid`)).toBeNull();
    }),
  );
});

test.each([
  ['275612345678901@lid', '275612345678901@lid'],
  ['275612345678901:3@lid', '275612345678901@lid'],
  ['60123456789@s.whatsapp.net', null],
])('the lid of %j is %j', (jid, lid) => {
  expect(jidToLid(jid)).toBe(lid);
});

test.each([
  ['60123456789:1@s.whatsapp.net', 'person'],
  ['60123456789@c.us', 'person'],
  ['2756@lid', 'lid'],
  ['2756@hosted.lid', 'lid'],
  ['1203@g.us', 'group'],
  ['status@broadcast', 'status'],
  ['1234@broadcast', 'broadcast'],
  ['1203@newsletter', 'newsletter'],
  ['13135550002@bot', 'unknown'],
  ['nonsense', 'unknown'],
])('%j is a %s', (jid, kind) => {
  expect(classifyJid(jid)).toBe(kind);
});
