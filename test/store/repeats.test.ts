import { describeStores } from './describeStores';
import { openLine, type Line } from './line';

const HOUR = 3_600_000;
/** More repetitions than one claim notes. */
const CONTACTS = Array.from({ length: 23 }, (_, n) => `contact-${n}`);

describeStores('repetitions that nobody knew of', (ledger) => {
  const open = async (): Promise<Line> => {
    const line = await openLine(ledger());
    const settings = { paceTextMs: '0-0', paceReplyMs: '0-0', duplicateTextMs: HOUR };
    await line.setConnection({ settings: JSON.stringify(settings) });
    return line;
  };
  const sales = async (line: Line) => {
    const accepted = [];
    for (const to of CONTACTS) accepted.push(await line.accept({ to, text: 'Sale' }));
    return accepted;
  };

  it('do not leave a lane without anybody awake, however many there are', async () => {
    const line = await open();
    const [firsts, again] = [await sales(line), await sales(line)];
    const last = await line.accept({ to: 'ben', text: 'News' });
    for (const message of firsts) await line.send(message);
    await ledger()
      .db.knex('messages')
      .where({ lane_id: (await line.lane()).id, open: 1 })
      .update({ next_wake_at: ledger().clock.now + HOUR });
    const next = again[20]!;
    expect(await line.claim(last)).toMatchObject({ kind: 'wait', wake: { messageId: next.messageId } });
    // Whoever is woken looks at itself, and at those behind it.
    expect(await line.claim(next)).toMatchObject({ kind: 'wait' });
    await line.send(last);
  });
});
