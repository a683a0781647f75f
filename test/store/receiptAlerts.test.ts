import { watchAlerts } from './alertWatch';
import { describeStores } from './describeStores';
import { fresh, openLine, type Line } from './line';

const ALARM_MS = 600_000;

describeStores('alerts of receipts', (ledger) => {
  const { round, alertsOf, postsOf, probe } = watchAlerts(ledger);

  it('a nack raises it at once, once, and a delivery receipt closes it', async () => {
    const line = await openLine(ledger());
    const refused = [await line.send(await line.accept()), await line.send(await line.accept())];
    for (const gatewayId of refused) await line.receipt(gatewayId, 'nack');
    await round();
    await round();
    expect(await postsOf(line)).toEqual(['open receipts_missing nack']);
    await line.receipt(refused[1]!, 'delivered');
    await round();
    expect(await alertsOf(line)).toEqual(['receipts_missing closed']);
  });

  it('is neither hidden nor doubled by receipts of what was sent before', async () => {
    const [silent, refused] = [await openLine(ledger()), await openLine(ledger())];
    await refused.setConnection({ settings: JSON.stringify({ receipts: 'none' }) });
    const sendTo = async (line: Line) => await line.send(await line.accept({ to: fresh('contact') }));
    for (const line of [silent, refused]) {
      const old: string[] = [];
      for (let n = 0; n < 3; n++) {
        old.push(await sendTo(line));
        await line.receipt(old[n]!, 'delivered');
      }
      for (const gatewayId of old) {
        const later = await sendTo(line);
        if (line === refused) await line.receipt(later, 'nack');
        ledger().clock.advance(ALARM_MS - 1);
        await round();
        await line.receipt(gatewayId, 'read');
        await round();
      }
    }
    expect(await postsOf(silent)).toEqual(['open receipts_missing no_receipt']);
    expect(await postsOf(refused)).toEqual(['open receipts_missing nack']);
    for (const line of [silent, refused]) {
      await line.receipt(await sendTo(line), 'delivered');
      await round();
      expect(await alertsOf(line)).toEqual(['receipts_missing closed']);
    }
  });

  it('a send in doubt that an echo proves is ended by its own receipt', async () => {
    const line = await openLine(ledger());
    await line.record(await line.grant(await line.accept()), { kind: 'ambiguous', cause: 'timeout' });
    ledger().clock.advance(1_000);
    await line.echo('PROVED');
    await line.receipt('PROVED', 'delivered');
    ledger().clock.advance(ALARM_MS);
    await round();
    expect(await alertsOf(line)).toEqual([]);
  });

  it.each<[string, (line: Line, gatewayId: string, to: string) => Promise<unknown>]>([
    ['echo', (line, gatewayId, to) => line.echo(gatewayId, { to })],
    ['server ack', (line, gatewayId) => line.receipt(gatewayId, 'server')],
  ])('in mode none what an %s delivers after a nack closes it, and nothing from before', async (_sign, confirm) => {
    const line = await openLine(ledger());
    await line.setConnection({ settings: JSON.stringify({ receipts: 'none' }) });
    const sendTo = async (to: string) => await line.send(await line.accept({ to }));
    const [before, bad] = [await sendTo('before'), await sendTo('bad')];
    await line.receipt(bad, 'nack');
    await round();
    await confirm(line, before, 'before');
    await round();
    expect(await alertsOf(line)).toEqual(['receipts_missing open']);
    await confirm(line, await sendTo('after'), 'after');
    await round();
    expect(await alertsOf(line)).toEqual(['receipts_missing closed']);
  });

  it('in mode none an echo that came before the outcome closes it too', async () => {
    const line = await openLine(ledger());
    await line.setConnection({ settings: JSON.stringify({ receipts: 'none' }) });
    await line.receipt(await line.send(await line.accept()), 'nack');
    await round();
    const granted = await line.grant(await line.accept({ to: 'after' }));
    await line.echo('EARLY', { to: 'after' });
    await line.record(granted, { kind: 'accepted', gatewayId: 'EARLY' });
    await round();
    expect(await alertsOf(line)).toEqual(['receipts_missing closed']);
  });

  it('learnt to be none: acks of what was sent after a nack close its alarm', async () => {
    const line = await openLine(ledger());
    await line.receipt(await line.send(await line.accept()), 'nack');
    for (let n = 0; n < 5; n++)
      await line.receipt(await line.send(await line.accept({ to: fresh('contact') })), 'server');
    ledger().clock.advance(ALARM_MS);
    await ledger().store.alerts.learnReceipts();
    await round();
    expect(await alertsOf(line)).toEqual(['receipts_none open']);
  });

  it('no receipt for RECEIPT_ALARM_MS raises it, once an outage; a receipt closes it, the silent one stays silent', async () => {
    const line = await openLine(ledger());
    const silent = await line.accept({ to: 'phone is off' });
    await line.send(silent);
    const sentAt = (await line.part(silent)).written_at!;
    ledger().clock.now = sentAt + ALARM_MS - 1;
    await round();
    expect(await alertsOf(line)).toEqual([]);
    ledger().clock.advance(1);
    await round();
    await line.send(await line.accept({ to: 'another' }));
    ledger().clock.advance(ALARM_MS);
    await round();
    expect(await alertsOf(line)).toEqual(['receipts_missing open']);
    await line.receipt(await line.send(await line.accept({ to: 'answers' })), 'delivered');
    ledger().clock.advance(ALARM_MS * 3);
    await round();
    expect(await alertsOf(line)).toEqual(['receipts_missing closed']);
    expect((await line.message(silent)).state).toBe('sent');
  });

  it('are not missed while the number is down, nor right after, and an open alarm stays open meanwhile', async () => {
    const [quiet, alarmed] = [await openLine(ledger()), await openLine(ledger())];
    for (const line of [quiet, alarmed]) await line.send(await line.accept());
    await probe(quiet, 'disconnected');
    ledger().clock.advance(ALARM_MS);
    await round();
    await probe(alarmed, 'disconnected');
    await probe(quiet, 'connected');
    await round();
    expect(await alertsOf(quiet)).toEqual(['number_down closed']);
    expect(await alertsOf(alarmed)).toEqual(['receipts_missing open']);
    ledger().clock.advance(ALARM_MS);
    await round();
    expect(await alertsOf(quiet)).toEqual(['number_down closed', 'receipts_missing open']);
  });

  it('are not missed where none are awaited: mode none, groups, a gateway without receipts', async () => {
    const none = await openLine(ledger());
    await none.setConnection({ settings: JSON.stringify({ receipts: 'none' }) });
    const [group, other] = [await openLine(ledger()), await openLine(ledger(), { gateway: 'echoing' })];
    await none.send(await none.accept());
    await other.send(await other.accept());
    await group.send(await group.accept({ address: { channel: 'whatsapp', value: '1203630@g.us' } }));
    ledger().clock.advance(ALARM_MS);
    await round();
    for (const line of [none, group, other]) expect(await alertsOf(line)).toEqual([]);
  });

  it('learnt to be none: said once, the alarm is over; closed by a receipt or by a setting', async () => {
    const [corrected, decided] = [await openLine(ledger()), await openLine(ledger())];
    let last = '';
    for (const line of [decided, corrected]) {
      for (let n = 0; n < 5; n++) {
        last = await line.send(await line.accept({ to: fresh('contact') }));
        await line.receipt(last, 'server');
      }
    }
    ledger().clock.advance(ALARM_MS);
    await round();
    await ledger().store.alerts.learnReceipts();
    await round();
    await round();
    for (const line of [corrected, decided])
      expect(await alertsOf(line)).toEqual(['receipts_missing closed', 'receipts_none open']);
    await corrected.receipt(last, 'delivered');
    await decided.setConnection({ settings: JSON.stringify({ receipts: 'none' }) });
    await round();
    for (const line of [corrected, decided])
      expect(await alertsOf(line)).toEqual(['receipts_missing closed', 'receipts_none closed']);
  });
});
