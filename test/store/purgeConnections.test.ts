import { describeStores } from './describeStores';
import { somebodyWaits } from './lockWait';
import { addressOf, connectInput, fresh, grantOf, openLine, type Line } from './line';

const KEEP_MS = 30 * 86_400_000;

describeStores('numbers of locations that uninstalled the app', (ledger) => {
  const rows = (table: string, where: object) => ledger().db.knex(table).where(where);
  const connections = ({ scope }: Line) => rows('connections', { location_id: scope.locationId });
  const purge = () => ledger().store.connections.purge(KEEP_MS);

  /** A location that has sent a message, was answered, and uninstalls. */
  async function left() {
    const { store, clock } = ledger();
    const line = await openLine(ledger());
    const sent = await line.accept();
    const gatewayId = await line.send(sent);
    await line.receipt(gatewayId, 'read');
    const answer = await line.arrives();
    const posted = { ghlMessageId: fresh('ghl'), contactId: fresh('contact'), conversationId: null };
    await store.messages.recordPosted((await line.grant(answer)).claim, { kind: 'posted', ...posted });
    clock.advance(1_000);
    await uninstall(line);
    expect(await store.locations.get(line.scope)).toMatchObject({ state: 'uninstalled' });
    return { line, sent, answer };
  }
  const uninstall = ({ scope }: Line) => {
    const event = { id: fresh('event'), type: 'UNINSTALL', ...scope, companyId: null, planId: null };
    return ledger().store.appEvents.apply({ ...event, at: ledger().clock.now });
  };
  const reinstall = ({ scope }: Line) =>
    ledger().store.installations.install(scope, { companyId: null, grant: grantOf() });

  it('are still there for a reinstallation, and go once they are old', async () => {
    const { line, sent } = await left();
    const { identities, chats } = ledger().store;
    const { scope, connectionId } = line;
    await identities.learn(scope, connectionId, [{ lid: '123456789012345', phone: addressOf('123') }]);
    await chats.nameGroup(scope, connectionId, addressOf('120363012345678901@g.us'), 'Bakers');
    await ledger().store.qr.keep(scope, connectionId, { png: Buffer.from('QR'), lifeMs: 2 * KEEP_MS });
    ledger().clock.advance(KEEP_MS);
    await purge();
    expect(await connections(line)).toHaveLength(1);
    for (const table of ['identities', 'chats', 'qr_pictures'])
      expect(await rows(table, { connection_id: connectionId })).toHaveLength(1);
    ledger().clock.advance(1);
    expect(await purge()).toBeGreaterThan(0);
    expect(await connections(line)).toEqual([]);
    for (const table of ['lanes', 'identities', 'chats', 'qr_pictures'])
      expect(await rows(table, { connection_id: connectionId })).toEqual([]);
    expect(await line.message(sent)).toMatchObject({ state: 'read' });
    expect(await rows('audit_log', { action: 'connection.purge', subject: line.connectionId })).toHaveLength(1);
  });

  it('then leave their instance to another location', async () => {
    const { line } = await left();
    const [{ base_url: baseUrl, instance_id: instanceId }] = await connections(line);
    const again = () =>
      ledger().store.connections.connect({ locationId: fresh('other') }, connectInput({ baseUrl, instanceId }));
    await expect(again()).rejects.toMatchObject({ code: 'instance_taken' });
    ledger().clock.advance(KEEP_MS + 1);
    await purge();
    expect(await again()).toMatchObject({ created: true });
  });

  it('are as never connected after a reinstallation: a message fails at once and says what to do', async () => {
    const { line } = await left();
    ledger().clock.advance(KEEP_MS + 1);
    await purge();
    await reinstall(line);
    const message = await line.accept();
    expect(await line.message(message)).toMatchObject({ state: 'failed', reason: 'no_connection' });
  });

  it('leave what GHL was never told where it can be claimed and told after a reinstallation', async () => {
    const { line, sent, answer } = await left();
    const { messages, sweep } = ledger().store;
    await messages.giveUpTelling(line.scope, sent.messageId);
    ledger().clock.advance(KEEP_MS + 1);
    await purge();
    const { wakes } = await reinstall(line);
    expect(wakes).toMatchObject([{ messageId: sent.messageId }]);
    expect(await line.claim(sent)).toEqual({ kind: 'done', state: 'read', wake: null });
    expect(await line.claim(answer)).toMatchObject({ kind: 'done', state: 'delivered' });
    await messages.markTold(line.scope, sent.messageId, 'read');
    ledger().clock.advance(3_600_000);
    expect((await sweep.untold()).map(({ messageId }) => messageId)).not.toContain(sent.messageId);
  });

  it('stay, if they were reinstalled, or have a message that has not ended', async () => {
    const [{ line: back }, { line: busy, sent }] = [await left(), await left()];
    await reinstall(back);
    await ledger().db.knex('messages').where({ id: sent.messageId }).update({ open: 1 });
    ledger().clock.advance(KEEP_MS + 1);
    await purge();
    expect([await connections(back), await connections(busy)]).toMatchObject([[{}], [{}]]);
  });

  it('stay, if they are reinstalled at the same moment', async () => {
    const { line } = await left();
    ledger().clock.advance(KEEP_MS + 1);
    let purged: Promise<unknown> | undefined;
    await ledger().db.tx(async (trx) => {
      await trx('locations').where({ location_id: line.scope.locationId }).update({ state: 'installed' });
      purged = purge();
      if (ledger().kind === 'mysql') await Promise.race([purged, somebodyWaits(ledger())]);
    });
    await purged;
    expect(await connections(line)).toHaveLength(1);
  });

  it('stay, if a message comes into a lane at the same moment', async () => {
    const { line, sent } = await left();
    ledger().clock.advance(KEEP_MS + 1);
    let purged: Promise<unknown> | undefined;
    await ledger().db.tx(async (trx) => {
      await trx('lanes').where({ connection_id: line.connectionId }).forUpdate();
      purged = purge();
      if (ledger().kind === 'mysql') await Promise.race([purged, somebodyWaits(ledger())]);
      await trx('messages').where({ id: sent.messageId }).update({ open: 1 });
    });
    await purged;
    expect(await connections(line)).toHaveLength(1);
  });

  it('take no other number along', async () => {
    const { line } = await left();
    const other = await openLine(ledger());
    ledger().clock.advance(KEEP_MS + 1);
    await purge();
    expect(await connections(line)).toEqual([]);
    expect(await connections(other)).toHaveLength(1);
    const waits = { gateway: 'waapify', baseUrl: 'https://gateway.example.com', instanceId: fresh('INSTANCE') };
    const kept = { ...waits, token: 'typed', number: addressOf('own') };
    expect(await ledger().store.externalAuth.keep(line.scope, kept)).toMatchObject({ kind: 'kept' });
  });
});
