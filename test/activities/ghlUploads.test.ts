import { Readable } from 'node:stream';
import { multipartOf } from '../../src/sandbox/kit/multipart';
import { useGhl } from '../contract/scriptedGhl';
import { accessOf } from '../support/ghlAccess';

const ghl = useGhl();
const ids = { locationId: 'loc1', contactId: 'c1' };
const content = Buffer.from([0xff, 0xd8, 0, 13, 10]);
const upload = {
  read: () => Readable.from([content.subarray(0, 2), content.subarray(2)]),
  ...ids,
  ...{
    conversationId: 'cnv1',
    name: 'Ann’s "cake".jpg',
    type: 'image/jpeg',
    bytes: 5,
  },
};
const store = () => ghl.client.uploadFile(accessOf('t'), upload);

test('a file goes as a form: its bytes as they are, its name, its type, and whose it is', async () => {
  ghl.answer({ status: 200, json: { uploadedFiles: { anything: 'https://storage.example/1.jpg' } } });
  expect(await store()).toBe('https://storage.example/1.jpg');
  const [request] = ghl.requests();
  const form = multipartOf(String(request!.headers['content-type']), request!.body)!;
  const texts = form.filter(({ filename }) => filename === undefined);
  expect(Object.fromEntries(texts.map(({ name, bytes }) => [name, bytes.toString()]))).toEqual({
    ...ids,
    conversationId: 'cnv1',
  });
  const { name: filename, type } = upload;
  expect(form).toContainEqual({ name: 'fileAttachment', filename, type, bytes: content });
  expect(request!.headers['content-length']).toBe(String(request!.body.length));
});

test.each([400, 413, 415])('a refusal (%i) is for good, and shows neither name nor address', async (status) => {
  ghl.answer({ status, json: { status, message: `Cannot take ${upload.name} at https://storage.example/x` } });
  const error = await store().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'ghl_rejected', retry: 'never' });
  expect(JSON.stringify(error)).not.toMatch(/cake|storage\.example/);
});

test('without an answer it is tried again: a file that was stored twice does no harm', async () => {
  ghl.answer((response) => void response.destroy());
  await expect(store()).rejects.toMatchObject({ code: 'ghl_unavailable', retry: 'later' });
});

test('an answer without an address counts as a refusal', async () => {
  ghl.answer({ status: 200, json: { uploadedFiles: {} } });
  await expect(store()).rejects.toMatchObject({ code: 'ghl_rejected', retry: 'never' });
});

test('a conversation that just came into being elsewhere is for the next try', async () => {
  const found = { conversations: [], total: 0 };
  ghl.answer({ status: 200, json: found }, { status: 400, json: { message: 'Conversation already exists!' } });
  await expect(ghl.client.ensureConversation(accessOf('t'), ids)).rejects.toMatchObject({ code: 'ghl_rejected' });
});
