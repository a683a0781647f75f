import type { SendOutcome } from '../../src/channels/gateway';
import { describeStores } from './describeStores';
import { openLine, OUTCOMES } from './line';

describeStores('answers that are not worth every retry', (ledger) => {
  const limited = (then: 'fail' | 'disconnected'): SendOutcome => ({
    ...OUTCOMES.busy,
    limit: { retries: 2, then },
  });

  it('refused for now, but not worth every retry: it fails after two of them, with the words of the answer', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    for (const open of [1, 1, 0] as const) {
      await line.record(await line.grant(message), limited('fail'), null);
      expect(await line.message(message)).toMatchObject({ open });
      ledger().clock.now = (await line.message(message)).not_before;
    }
    const { code, text } = OUTCOMES.busy;
    expect(await line.message(message)).toMatchObject({ state: 'failed', reason: code, reason_text: text });
  });

  it('counts the same answer in a row only: another one in between begins anew', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const other: SendOutcome = { kind: 'rejected', retry: 'later', code: 'another', text: 'Another.' };
    for (const outcome of [limited('fail'), limited('fail'), other, limited('fail'), limited('fail')]) {
      await line.record(await line.grant(message), outcome, null);
      ledger().clock.now = (await line.message(message)).not_before;
    }
    expect(await line.message(message)).toMatchObject({ open: 1, reason: 'retrying' });
  });

  it('refused for the number, in the end: the number is held and the message fails not, and has its retries anew', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const refuse = async () => {
      ledger().clock.now = Math.max(ledger().clock.now, (await line.message(message)).not_before);
      return await line.record(await line.grant(message), limited('disconnected'), null);
    };
    for (const changed of [null, null, line.connectionId]) expect((await refuse()).changedConnection).toBe(changed);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'disconnected' });
    const row = await ledger().store.connections.get(line.scope, line.connectionId);
    expect(row).toMatchObject({ reason: OUTCOMES.busy.code, reason_text: OUTCOMES.busy.text });
    await ledger().store.connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
    expect((await refuse()).changedConnection).toBeNull();
  });

  it('an answer that puts the number in doubt has it asked at once', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), { ...OUTCOMES.busy, doubt: true }, null);
    const due = await ledger().store.connections.takeDueProbes();
    expect(due.map(({ id }) => id)).toContain(line.connectionId);
  });
});
