import { hashSecret } from '../../src/crypto/secrets';
import { describeStores } from './describeStores';
import { connectInput, openLine, type Line } from './line';

const MINUTE_MS = 60_000;

describeStores("the secret of a gateway's address", (ledger) => {
  const connections = () => ledger().store.connections;
  const row = async ({ scope, connectionId }: Line) => (await connections().get(scope, connectionId))!;
  const secretOf = async (line: Line) => connections().webhookSecretOf(await row(line));
  const isGood = async (secret: string, { connectionId }: Line) =>
    (await connections().findByWebhookHash(hashSecret(secret)))?.id === connectionId;
  const begin = ({ scope, connectionId }: Line) => connections().beginRotation(scope, connectionId, 'operator');
  const taken = ({ scope, connectionId }: Line, secret: string) =>
    connections().markWebhookRegistered(scope, connectionId, hashSecret(secret));

  /** A number whose gateway was told its address. */
  async function told() {
    const line = await openLine(ledger());
    const stored = await row(line);
    const secret = connections().webhookSecretOf(stored);
    await ledger()
      .db.knex('connections')
      .where({ id: stored.id })
      .update({ webhook_hash: hashSecret(secret) });
    expect(await taken(line, secret)).toBe(true);
    return { line, old: secret };
  }

  it('is changed in two steps: both are good until the gateway has taken the new one, and the old one a minute longer', async () => {
    const { line, old } = await told();
    await begin(line);
    const coming = await secretOf(line);
    expect(coming).not.toBe(old);
    expect((await row(line)).webhook_registered).toBe(0);
    ledger().clock.advance(30 * MINUTE_MS);
    expect([await isGood(old, line), await isGood(coming, line)]).toEqual([true, true]);
    expect(await taken(line, coming)).toBe(true);
    expect([(await row(line)).webhook_registered, await secretOf(line)]).toEqual([1, coming]);
    ledger().clock.advance(MINUTE_MS - 1);
    expect([await isGood(old, line), await isGood(coming, line)]).toEqual([true, true]);
    ledger().clock.advance(1);
    expect([await isGood(old, line), await isGood(coming, line)]).toEqual([false, true]);
  });

  it('is found while it takes the place of the old one', async () => {
    const { line } = await told();
    await begin(line);
    const coming = await secretOf(line);
    // The gateway's "taken" is committed between the questions for the present secret and for the coming one.
    const now = jest.spyOn(ledger().db, 'now').mockImplementationOnce(async () => {
      expect(await taken(line, coming)).toBe(true);
      return ledger().clock.now;
    });
    expect(await isGood(coming, line)).toBe(true);
    now.mockRestore();
    expect((await row(line)).webhook_coming_hash).toBeNull();
  });

  it('goes on with the secret of a change that was cut off, for the gateway may know that one already', async () => {
    const { line } = await told();
    await begin(line);
    const coming = await secretOf(line);
    await begin(line);
    expect(await secretOf(line)).toBe(coming);
  });

  it('changes once for ten who begin at once', async () => {
    const { line, old } = await told();
    await Promise.all(Array.from({ length: 10 }, () => begin(line)));
    const coming = await secretOf(line);
    expect(await taken(line, coming)).toBe(true);
    expect(await secretOf(line)).toBe(coming);
    expect(coming).not.toBe(old);
  });

  it('is not noted as told where the gateway was told another one meanwhile', async () => {
    const { line, old } = await told();
    await begin(line);
    expect(await taken(line, old)).toBe(false);
    expect((await row(line)).webhook_registered).toBe(0);
    await taken(line, await secretOf(line));
    expect(await taken(line, old)).toBe(false);
  });

  it('is another one at once when the number is connected anew', async () => {
    const { line, old } = await told();
    await begin(line);
    const coming = await secretOf(line);
    const { base_url: baseUrl, instance_id: instanceId } = await row(line);
    const anew = connectInput({ baseUrl, instanceId });
    await connections().connect(line.scope, anew);
    expect([await isGood(old, line), await isGood(coming, line)]).toEqual([false, false]);
    expect((await connections().findByWebhookHash(anew.webhookHash))?.id).toBe(line.connectionId);
    expect(await taken(line, coming)).toBe(false);
  });

  it('is written down: who began it, and that the gateway took it; never the secret', async () => {
    const { line } = await told();
    await begin(line);
    const coming = await secretOf(line);
    await taken(line, coming);
    const audit = await ledger().db.knex('audit_log').where({ subject: line.connectionId }).orderBy('id');
    expect(audit).toMatchObject([
      { actor: 'operator', action: 'webhook.rotate', location_id: line.scope.locationId },
      { actor: 'bridge', action: 'webhook.rotated' },
    ]);
    const rows = JSON.stringify([audit, await ledger().db.knex('connections').where({ id: line.connectionId })]);
    expect(rows).not.toContain(coming);
  });
});
