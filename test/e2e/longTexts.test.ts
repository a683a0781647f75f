import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let count = 0;

/** The gateway picks one of `{a|b}`, and the web server in front of it takes no address above 8 KB. */
beforeAll(async () => {
  world = await openWorld(temporal);
  world.waapify.configure({ spintax: true, maxUrlBytes: 8190 });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

/** What the customer reads, white space around the pieces apart; the guard's marks can not be seen. */
async function readBy(text: string): Promise<string[]> {
  const phone = `+6012350${String(++count).padStart(4, '0')}`;
  const sent = await world.agentSends(text, { phone });
  await bridge.admin.untilState(LOCATION, sent.messageId, 'read');
  const sends = world.waapify.sends(INSTANCE).filter((one) => one.number === phone.slice(1));
  return sends.map((one) => one.text.replaceAll('\u01c0', '|').replaceAll('\u2060', ''));
}

const priceList = Array.from({ length: 160 }, (_, n) => `\u{1F370} Cake ${n}: ${'sweet '.repeat(4)}RM ${n}.90`)
  .join('\n')
  .slice(0, 6000);

test('a price list of 6,000 characters with emoji arrives whole, in order, cut at line ends', async () => {
  const pieces = await readBy(priceList);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join('')).toBe(priceList);
  for (const piece of pieces.slice(0, -1)) expect(piece.endsWith('\n')).toBe(true);
});

test('a text of nothing but emoji is not cut inside one', async () => {
  const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}';
  const pieces = await readBy(family.repeat(300));
  expect(pieces.join('')).toBe(family.repeat(300));
  for (const piece of pieces) expect(piece.length % family.length).toBe(0);
});

test('a long right-to-left text arrives whole', async () => {
  const text = 'السلام عليكم ورحمة الله وبركاته، قائمة الأسعار الجديدة. '.repeat(60).trim();
  const pieces = await readBy(text);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join('')).toBe(text);
});

test('a text full of parameters still fits into the addresses that it is cut for', async () => {
  const text = '%nama% '.repeat(850).trim();
  expect((await readBy(text)).join('')).toBe(text);
});

test('braces, pipes and percent signs arrive as they were typed', async () => {
  const text = 'Dear {Anna|Ben}, {x{y|z}w|v}: %name% gets 50% off, see https://shop.example/%E4%BD%A0?a={1|2}';
  expect(await readBy(text)).toEqual([text]);
});
