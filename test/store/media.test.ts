import { describeStores } from './describeStores';
import { fileOf, fresh, openLine } from './line';

describeStores('kept files', (ledger) => {
  const media = () => ledger().store.media;
  const standing = async (id: string) => (await media().standings([id])).get(id);

  it('are found by message and place, with all that was noted', async () => {
    const line = await openLine(ledger());
    const { messageId } = await line.accept();
    const first = fileOf(messageId);
    const third = { ...fileOf(messageId, 2), source: { url: 'https://x.example/' } };
    for (const file of [first, third]) await media().keep(line.scope, file);
    expect(await media().find(line.scope, messageId, 0)).toEqual({ ...line.scope, ...first });
    expect(await media().find(line.scope, messageId, 2)).toEqual({ ...line.scope, ...third });
    expect(await media().find(line.scope, messageId, 1)).toBeNull();
    expect(await media().findSigned(third.mediaId)).toEqual({ ...line.scope, ...third });
    expect(await media().findSigned('media_unknown')).toBeNull();
  });

  it('are noted once, also when ten do it at once', async () => {
    const line = await openLine(ledger());
    const { messageId } = await line.accept();
    const tried = Array.from({ length: 10 }, () => fileOf(messageId));
    const kept = await Promise.all(tried.map((file) => media().keep(line.scope, file)));
    expect(new Set(kept.map(({ mediaId }) => mediaId)).size).toBe(1);
    expect(await media().find(line.scope, messageId, 0)).toEqual(kept[0]);
  });

  it('belong to the location of their message', async () => {
    const line = await openLine(ledger());
    const stranger = { locationId: fresh('stranger') };
    const { messageId } = await line.accept();
    await expect(media().keep(stranger, fileOf(messageId))).rejects.toMatchObject({ code: 'not_found' });
    const kept = await media().keep(line.scope, fileOf(messageId));
    expect(await media().find(stranger, messageId, 0)).toBeNull();
    await expect(media().keep(stranger, fileOf(messageId))).rejects.toMatchObject({ code: 'not_found' });
    expect(await media().find(line.scope, messageId, 0)).toEqual(kept);
  });

  it('are kept for a message that has not ended only', async () => {
    const line = await openLine(ledger());
    const [ended, kept] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    const before = await media().keep(line.scope, fileOf(kept.messageId));
    for (const message of [ended, kept]) await line.cancel(message);
    await expect(media().keep(line.scope, fileOf(ended.messageId))).rejects.toMatchObject({ code: 'not_found' });
    expect(await media().find(line.scope, ended.messageId, 0)).toBeNull();
    expect(await media().keep(line.scope, fileOf(kept.messageId))).toEqual(before);
  });

  it('are not kept beside an erasure that is under way', async () => {
    const line = await openLine(ledger());
    const { messageId } = await line.accept();
    const [keeping] = await ledger().db.tx(async (trx) => {
      await trx('messages').where({ id: messageId }).update({ open: 0, erased_at: ledger().clock.now });
      const late = Promise.allSettled([media().keep(line.scope, fileOf(messageId))]);
      // Time enough for one that does not wait for this transaction.
      for (let n = 0; n < 30; n++) await trx('media').where({ message_id: messageId });
      return [late];
    });
    expect(await keeping).toMatchObject([{ status: 'rejected', reason: { code: 'not_found' } }]);
    expect(await media().find(line.scope, messageId, 0)).toBeNull();
  });

  it('keep name and source sealed', async () => {
    const line = await openLine(ledger());
    const { mediaId } = await media().keep(line.scope, fileOf((await line.accept()).messageId));
    const row = JSON.stringify(await ledger().db.knex('media').where({ id: mediaId }).first());
    expect(row).not.toMatch(/Price|example\.com|sig=1/);
  });

  it('are needed until their message has ended', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const { mediaId } = await media().keep(line.scope, fileOf(message.messageId));
    expect(await standing(mediaId)).toBe('needed');
    await line.send(message);
    expect(await standing(mediaId)).toBe('ended');
    expect(await standing('media_unknown')).toBeUndefined();
  });

  it('stand together, however many are asked for', async () => {
    const line = await openLine(ledger());
    const { mediaId } = await media().keep(line.scope, fileOf((await line.accept()).messageId));
    const many = [...Array.from({ length: 1_200 }, (_, n) => `media_none_${n}`), mediaId];
    expect([...(await media().standings(many))]).toEqual([[mediaId, 'needed']]);
    expect(await media().standings([])).toEqual(new Map());
  });

  it('are forgotten some time after their message has ended, or when it is gone', async () => {
    const line = await openLine(ledger());
    const [open, ended, erased] = [
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'ben' }),
      await line.accept({ to: 'cem' }),
    ];
    const files = await Promise.all([open, ended, erased].map((m) => media().keep(line.scope, fileOf(m.messageId))));
    const [openFile, endedFile, erasedFile] = files.map(({ mediaId }) => mediaId);
    ledger().clock.advance(10_000);
    await line.cancel(ended);
    await ledger().db.knex('messages').where({ id: erased.messageId }).delete();
    await media().expire(10_000);
    expect([...(await media().standings([openFile!, endedFile!, erasedFile!])).keys()]).toHaveLength(3);
    ledger().clock.advance(1);
    expect(await media().expire(10_000)).toBeGreaterThanOrEqual(1);
    expect(await standing(erasedFile!)).toBeUndefined();
    expect(await standing(endedFile!)).toBe('ended');
    ledger().clock.advance(10_000);
    await media().expire(10_000);
    expect(await standing(endedFile!)).toBeUndefined();
    expect(await standing(openFile!)).toBe('needed');
  });

  it('have addresses under a key of their own', () => {
    const key = media().addressKey();
    expect(key).toHaveLength(32);
    expect(media().addressKey()).toEqual(key);
  });
});
