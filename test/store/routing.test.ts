import { connectInput, openLine, type Line } from './line';
import { describeStores } from './describeStores';

/** A location with two numbers; a contact with the tag `vip` goes on the newer one. */
interface Two {
  old: Line;
  newer: string;
}

describeStores('the number of a message', (ledger) => {
  const open = async (more: Record<string, unknown> = {}): Promise<Two> => {
    const { store } = ledger();
    const old = await openLine(ledger());
    const { connectionId: newer } = await store.connections.connect(old.scope, connectInput());
    await store.connections.recordProbe(old.scope, newer, { kind: 'connected' });
    const tagConnections = [{ tag: 'VIP', connectionId: newer }];
    await store.locations.changeSettings(old.scope, { tagConnections, ...more });
    return { old, newer };
  };
  const onNewer = (line: Line, newer: string) => ({ ...line.inbound(), connectionId: newer });
  const numberOf = async (line: Line, message: { messageId: string }) => (await line.message(message)).connection_id;
  const route = (line: Line, { messageId }: { messageId: string }, tags: string[]) =>
    ledger().store.messages.routeByTags(line.scope, messageId, tags);

  it('is asked for where only the tags of its contact tell, and nothing is sent meanwhile', async () => {
    const { old, newer } = await open();
    const message = await old.accept();
    expect(await old.message(message)).toMatchObject({ connection_id: null, state: 'waiting', reason: 'routing' });
    expect(await old.claim(message)).toEqual({ kind: 'route', contactId: 'contact-anna', sinceMs: 0 });
    await route(old, message, ['vip']);
    expect(await numberOf(old, message)).toBe(newer);
    expect((await old.claim(message)).kind).toBe('granted');
    expect((await old.part(message)).connection_id).toBe(newer);
  });

  it('takes everything of its contact along, in order, and nobody else', async () => {
    const { old, newer } = await open();
    const [first, second, other] = [await old.accept(), await old.accept(), await old.accept({ to: 'ben' })];
    // The later one's run may be the first to ask.
    await route(old, second, ['vip']);
    expect([await numberOf(old, first), await numberOf(old, second)]).toEqual([newer, newer]);
    expect((await old.message(first)).seq).toBeLessThan((await old.message(second)).seq);
    expect((await old.claim(second)).kind).toBe('wait');
    expect((await old.claim(first)).kind).toBe('granted');
    expect(await old.claim(other)).toMatchObject({ kind: 'route', contactId: 'contact-ben' });
  });

  it('is what the first answer says: a later one changes nothing', async () => {
    const { old, newer } = await open();
    const message = await old.accept();
    await route(old, message, []);
    expect(await numberOf(old, message)).toBe(old.connectionId);
    expect(await route(old, message, ['vip'])).toEqual([]);
    expect(await numberOf(old, message)).not.toBe(newer);
  });

  it('holds whoever is accepted behind one that still asks', async () => {
    const { old } = await open();
    await old.accept();
    await ledger().store.locations.changeSettings(old.scope, { tagConnections: null });
    const second = await old.accept();
    expect(await old.message(second)).toMatchObject({ connection_id: null, reason: 'routing' });
  });

  it('is the one on which its contact wrote or was written to last, without a question', async () => {
    const { old, newer } = await open();
    await ledger().store.messages.acceptInbound(old.scope, onNewer(old, newer));
    expect(await numberOf(old, await old.accept())).toBe(newer);
    const { messageId } = await old.accept({ to: 'ben' });
    await route(old, { messageId }, []);
    await old.send({ messageId });
    const answer = await old.accept({ to: 'ben' });
    expect(await numberOf(old, answer)).toBe(old.connectionId);
    await old.cancel(answer);
    await ledger().store.messages.acceptInbound(old.scope, {
      ...onNewer(old, newer),
      from: old.inbound({ from: 'ben' }).from,
    });
    expect(await numberOf(old, await old.accept({ to: 'ben' }))).toBe(newer);
  });

  it("is the location's default for everybody without such a tag", async () => {
    const { old, newer } = await open();
    await ledger().store.locations.changeSettings(old.scope, { defaultConnection: newer, tagConnections: null });
    expect(await numberOf(old, await old.accept())).toBe(newer);
  });

  it('is asked for again after a hold, one after the other, and the time of the hold does not count', async () => {
    const { old, newer } = await open();
    const { installations } = ledger().store;
    const all = [await old.accept(), await old.accept({ to: 'ben' })];
    await installations.setState(old.scope, 'suspended', null);
    for (const message of all) expect((await old.claim(message)).kind).toBe('wait');
    // Another number takes nothing over: the tags may say which.
    await ledger().store.connections.connect(old.scope, connectInput());
    expect(await numberOf(old, all[0]!)).toBeNull();
    ledger().clock.advance(48 * 3_600_000);
    await installations.setState(old.scope, 'installed', null);
    expect(await old.claim(all[0]!)).toEqual({ kind: 'route', contactId: 'contact-anna', sinceMs: 0 });
    ledger().clock.advance(7_000);
    expect(await old.claim(all[0]!)).toMatchObject({ kind: 'route', sinceMs: 7_000 });
    const woken = await route(old, all[0]!, ['vip']);
    expect(await numberOf(old, all[0]!)).toBe(newer);
    expect(woken.map(({ messageId }) => messageId)).toContain(all[1]!.messageId);
    expect((await old.claim(all[1]!)).kind).toBe('route');
  });

  it('is not taken from what asks by a number that is connected meanwhile', async () => {
    const { old } = await open();
    const message = await old.accept();
    await ledger().store.connections.connect(old.scope, connectInput());
    expect(await numberOf(old, message)).toBeNull();
    expect((await old.claim(message)).kind).toBe('route');
  });

  describe('by a person’s choice', () => {
    const move = (line: Line, { messageId }: { messageId: string }, connectionId: string) =>
      ledger().store.messages.moveToConnection(line.scope, messageId, connectionId);
    const plain = () => open({ tagConnections: null });

    it('moves with what else waits for its contact, behind what waits there', async () => {
      const { old, newer } = await plain();
      await old.send(await old.accept({ to: 'cem' }));
      const [first, second] = [await old.accept(), await old.accept()];
      expect(await move(old, second, newer)).toMatchObject({ moved: 2, state: 'waiting' });
      expect([await numberOf(old, first), await numberOf(old, second)]).toEqual([newer, newer]);
      expect((await old.claim(second)).kind).toBe('wait');
      expect((await old.claim(first)).kind).toBe('granted');
      expect(await numberOf(old, await old.accept())).toBe(newer);
    });

    it('stays once it, or an earlier one to its contact, is claimed or has ended', async () => {
      const { old, newer } = await plain();
      const [first, second] = [await old.accept(), await old.accept()];
      const granted = await old.grant(first);
      await expect(move(old, second, newer)).rejects.toMatchObject({ code: 'not_movable' });
      await old.record(granted, { kind: 'accepted', gatewayId: 'ANY' });
      await expect(move(old, first, newer)).rejects.toMatchObject({ code: 'not_movable' });
      expect(await move(old, second, newer)).toMatchObject({ moved: 1 });
    });

    it("goes to no other location's number, nor to another channel's", async () => {
      const { old } = await plain();
      const message = await old.accept();
      const foreign = await openLine(ledger());
      await expect(move(old, message, foreign.connectionId)).rejects.toMatchObject({ code: 'not_found' });
      const mail = connectInput({ channel: 'email' });
      const { connectionId } = await ledger().store.connections.connect(old.scope, mail);
      await expect(move(old, message, connectionId)).rejects.toMatchObject({ code: 'not_movable' });
    });
  });
});
