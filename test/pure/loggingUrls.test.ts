import fc from 'fast-check';
import { cleanText } from '../../src/observability/cleanText';
import { redactUrl } from '../../src/observability/redactUrl';

test.each([
  ['https://gw.example/api/send.php?access_token=x&number=1', 'https://gw.example/api/send.php'],
  ['https://user:pass@gw.example/a', 'https://gw.example/a'],
  ['mysql://root:p/a@ss@db:3306/bridge', 'mysql://db:3306/bridge'],
  ['https://h.example/a#token=x', 'https://h.example/a'],
  ['/ghl/delivery/abc', '/ghl/delivery/:secret'],
  ['/GHL//Delivery/abc/def', '/GHL//Delivery/:secret'],
  ['https://h.example/base/ghl/delivery/abc?x=1', 'https://h.example/base/ghl/delivery/:secret'],
  ['/waapify/webhooks/abc', '/waapify/webhooks/:secret'],
  ['/media/tok/photo%20of%20me.jpg', '/media/:token/:name'],
  ['/media/tok', '/media/:token/:name'],
  ['/ghl/webhooks', '/ghl/webhooks'],
  ['/healthz', '/healthz'],
  ['', ''],
])('%s becomes %s', (url, expected) => expect(redactUrl(url)).toBe(expected));

test('no secret of a route survives, whatever it is made of', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9._~%-]{8,40}$/);
  const route = fc.constantFrom('/ghl/delivery/', '/waapify/webhooks/', '/media/');
  const tail = fc.constantFrom('', '/', '/photo.jpg', '?a=b');
  fc.assert(
    fc.property(route, secret, tail, fc.constantFrom('', 'https://h.example', 'GET '), (path, text, rest, before) => {
      fc.pre(!'/media/:token/:name'.includes(text));
      expect(cleanText(`${before}${path}${text}${rest}`)).not.toContain(text);
    }),
  );
});

test.each([
  ['slashes', '/'.repeat(16_000)],
  ['digits', '1-'.repeat(8_000)],
  ['word characters', 'a'.repeat(16_000)],
  ['almost addresses', 'a@b.'.repeat(4_000)],
  ['almost pairs', 'token'.repeat(3_000)],
  ['pluses', '+1 '.repeat(5_000)],
])('16,000 %s cost less than 15 ms of the processor', (_, text) => {
  const before = process.cpuUsage();
  for (let round = 0; round < 20; round++) {
    redactUrl(text);
    cleanText(text);
  }
  const spent = process.cpuUsage(before);
  expect((spent.user + spent.system) / 20).toBeLessThan(15_000);
});

test('long texts are cut', () => {
  expect(cleanText('x'.repeat(5_000))).toHaveLength(4_003);
});
