import { describeLines } from './describeLines';
import { fresh, type Line } from './line';

describeLines('the words of a message', (ledger, open) => {
  const gatewayOf = async ({ connectionId }: Line): Promise<string> =>
    (await ledger().db.knex('connections').where({ id: connectionId }).first()).gateway as string;
  const wordsOf = async (line: Line, gatewayId: string, scope = line.scope) => {
    const named = { gateway: await gatewayOf(line), connectionId: line.connectionId, gatewayId };
    return await ledger().store.messages.wordsOf(scope, named);
  };

  it('that came are found by its id', async () => {
    const line = await open();
    await line.arrives({ gatewayId: 'IN-1', text: 'See you on Monday' });
    expect(await wordsOf(line, 'IN-1')).toBe('See you on Monday');
  });

  it('that left are found by the id that the gateway gave', async () => {
    const line = await open();
    await line.send(await line.accept({ text: 'Come by at 5' }), 'OUT-1');
    expect(await wordsOf(line, 'OUT-1')).toBe('Come by at 5');
  });

  it('leave out what it answers itself', async () => {
    const line = await open();
    const answer = line.inbound({ gatewayId: 'IN-2' });
    const content = { v: 1, text: '> Which day?\nMonday', replyTo: 'OUT-1' } as const;
    await ledger().store.messages.acceptInbound(line.scope, { ...answer, content });
    expect(await wordsOf(line, 'IN-2')).toBe('Monday');
  });

  it('are none where it is not known, erased, or another number has it', async () => {
    const [line, other] = [await open(), await open()];
    const { messageId } = await line.arrives({ gatewayId: 'IN-3', text: 'gone' });
    await line.send(await line.accept(), 'OUT-3');
    expect(await wordsOf(line, fresh('nobody'))).toBeNull();
    expect([await wordsOf(other, 'IN-3'), await wordsOf(other, 'OUT-3')]).toEqual([null, null]);
    expect(await wordsOf(line, 'OUT-3', other.scope)).toBeNull();
    await ledger().db.knex('messages').where({ id: messageId }).update({ content_sealed: null });
    expect(await wordsOf(line, 'IN-3')).toBeNull();
  });
});
