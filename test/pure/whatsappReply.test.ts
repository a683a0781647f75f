import fc from 'fast-check';
import { isSuccess, parseReply, replyError, replyId, type Reply } from '../../src/channels/whatsapp/reply';

const parse = (body: string): Reply => parseReply(Buffer.from(body));
const fieldsOf = (body: string) => {
  const reply = parse(body);
  return reply.kind === 'json' ? reply.fields : {};
};

test.each([
  ['', 'empty'],
  [' \r\n', 'empty'],
  ['null', 'null'],
  [' null\n', 'null'],
  ['<!DOCTYPE html><html><body>{"status":"success","id":"A"}</body></html>', 'html'],
  ['{"status":"succ', 'unparsable'],
  ['[1,2]', 'unparsable'],
  ['"success"', 'unparsable'],
  ['OK', 'unparsable'],
])('%j is unusable: %s', (body, cause) => {
  expect(parse(body)).toEqual({ kind: 'unusable', cause });
});

test('a notice of PHP before the object is skipped', () => {
  const body =
    '<br />\n<b>Notice</b>: Undefined index: x in <b>/a.php</b> on line <b>3</b><br />\n{"status":"success"}';
  expect(fieldsOf(body)).toEqual({ status: 'success' });
});

test('a byte order mark is skipped', () => {
  expect(fieldsOf('\uFEFF{"status":"success"}')).toEqual({ status: 'success' });
});

test('top-level keys are read whatever their case', () => {
  expect(fieldsOf('{"Status":"success","Data":[{"Jid":1}]}')).toEqual({ status: 'success', data: [{ Jid: 1 }] });
});

test('of a key that stands twice the last one holds, the one with the id', () => {
  expect(replyId(fieldsOf('{"status":"success","message":"Success","message":{"key":{"id":"3EB0"}}}'))).toBe('3EB0');
});

test('an image is an image', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2]);
  expect(parseReply(png)).toEqual({ kind: 'png', png });
});

test('ids are believed in order, and only texts', () => {
  const inOrder = [
    '{"data":{"key":{"id":"A"},"id":"D"},"message":{"key":{"id":"B"}},"key":{"id":"C"},"id":"E","message_id":"F"}',
    '{"data":{"key":{},"id":"D"},"message":{"key":{"id":"B"}},"key":{"id":"C"},"id":"E","message_id":"F"}',
    '{"data":{"id":"D"},"key":{"id":"C"},"id":"E","message_id":"F"}',
    '{"data":{"id":"D"},"id":"E","message_id":"F"}',
    '{"data":{"id":7},"id":"E","message_id":"F"}',
    '{"id":"","message_id":"F"}',
    '{"id":true,"data":[],"message":"x"}',
  ];
  expect(inOrder.map((body) => replyId(fieldsOf(body)))).toEqual(['A', 'B', 'C', 'D', 'E', 'F', undefined]);
});

test.each([
  ['{"status":"error","message":"No"}', { text: 'No', relogin: false }],
  ['{"Status":"ERROR","Message":"No"}', { text: 'No', relogin: false }],
  ['{"status":false,"error":"No"}', { text: 'No', relogin: false }],
  ['{"status":"error","message":{"code":1}}', { text: '', relogin: false }],
  ['{"status":"success","message":"Success","relogin":true}', { text: 'Success', relogin: true }],
  ['{"status":"success","message":"Success"}', undefined],
  ['{"key":{"id":"A"}}', undefined],
])('the complaint in %s', (body, error) => {
  expect(replyError(fieldsOf(body))).toEqual(error);
});

test('success is said in so many words, and not beside a lost session', () => {
  const bodies = ['{"status":"Success"}', '{"status":"success","relogin":true}', '{"message":"Success"}'];
  expect(bodies.map((body) => isSuccess(fieldsOf(body)))).toEqual([true, false, false]);
});

test('a status that is an object with a false toString is no status', () => {
  const fields = fieldsOf('{"status":{"toString":1},"message":"x"}');
  expect([replyError(fields), isSuccess(fields)]).toEqual([undefined, false]);
});

test('no bytes and no JSON throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
      const reply = parseReply(Buffer.from(bytes));
      const fields = reply.kind === 'json' ? reply.fields : {};
      expect(typeof isSuccess(fields)).toBe('boolean');
      expect(['string', 'undefined']).toContain(typeof replyId(fields));
      expect(['string', 'undefined']).toContain(typeof replyError(fields)?.text);
    }),
    { numRuns: 2000 },
  );
});
