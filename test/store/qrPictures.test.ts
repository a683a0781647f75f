import { describeStores } from './describeStores';
import { openLine } from './line';

const LIFE_MS = 20_000;

describeStores('QR codes to scan', (ledger) => {
  const keep = (line: Awaited<ReturnType<typeof openLine>>, png: string) =>
    ledger().store.qr.keep(line.scope, line.connectionId, { png: Buffer.from(png), lifeMs: LIFE_MS });
  const read = (line: Awaited<ReturnType<typeof openLine>>) => ledger().store.qr.read(line.scope, line.connectionId);
  const rowsOf = ({ connectionId }: { connectionId: string }) =>
    ledger().db.knex('qr_pictures').where({ connection_id: connectionId });

  it('are kept sealed, the newest of a number alone, until they expire', async () => {
    const line = await openLine(ledger());
    await keep(line, 'first');
    const expiresAt = await keep(line, 'PNG bytes');
    expect(expiresAt).toBe(ledger().clock.now + LIFE_MS);
    expect(await read(line)).toEqual({ png: Buffer.from('PNG bytes'), expiresAt });
    const [row, ...more] = await rowsOf(line);
    expect(more).toEqual([]);
    expect(row.png_sealed).toMatch(/^v1\./);
    ledger().clock.advance(LIFE_MS - 1);
    expect(await read(line)).not.toBeNull();
    ledger().clock.advance(1);
    expect(await read(line)).toBeNull();
  });

  it('go when somebody has scanned one, and with time', async () => {
    const [scanned, old, fresh] = [await openLine(ledger()), await openLine(ledger()), await openLine(ledger())];
    await keep(scanned, 'scanned');
    await ledger().store.qr.drop(scanned.scope, scanned.connectionId);
    expect(await rowsOf(scanned)).toEqual([]);
    await keep(old, 'old');
    ledger().clock.advance(LIFE_MS);
    await keep(fresh, 'fresh');
    expect(await ledger().store.qr.expire()).toBeGreaterThan(0);
    expect(await rowsOf(old)).toEqual([]);
    expect(await rowsOf(fresh)).toHaveLength(1);
  });

  it('are erased with their location', async () => {
    const line = await openLine(ledger());
    await keep(line, 'PNG');
    await ledger().store.erasure.erase(line.scope, {});
    expect(await rowsOf(line)).toEqual([]);
  });
});
