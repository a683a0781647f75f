import { ERROR_LADDER, type LadderRow } from '../../src/channels/whatsapp/errorLadder';
import type { GhlMessage } from '../../src/sandbox/ghl';
import { eventually } from '../support/adminClient';
import { startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { LADDER_TEXTS } from '../support/ladderTexts';
import { expectOnlyForward, timesAsked, toldOf, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { openWorld, PHONE, type World } from '../support/world';

/** The first two back-offs last 5 and 10 seconds; all rows wait theirs out side by side. */
const ROW_MS = 90_000;

const limitOf = ({ outcome }: LadderRow) => ('limit' in outcome ? outcome.limit : undefined);
/** Whether a row holds its number: at once, or after its retries. */
const holds = (row: LadderRow): boolean =>
  row.outcome.kind === 'held' || !['fail', undefined].includes(limitOf(row)?.then);

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
const stories = new Map<string, Promise<Story>>();

beforeAll(async () => {
  // All rows begin at once: an answer that is late on a busy machine must not pass for none.
  world = await openWorld(temporal, { env: { RETRY_DEADLINE_MS: '30000', WAAPIFY_TIMEOUT_MS: '20000' } });
  bridge = await startInProcess(world);
  for (const [index, row] of ERROR_LADDER.entries()) {
    const story = play(row, `6011${1_000_000 + index}`);
    story.catch(() => undefined);
    stories.set(row.code, story);
  }
});

afterAll(() => expectOnlyForward(world));

/** What a person saw of one message that met a row. */
interface Story {
  /** While it was held: the number as the operator sees it, and the message. */
  held?: { state: string; code?: string; message: { state: string; reason?: string; next: string } };
  /** How often the gateway was asked to send it, up to its end or its hold. */
  asked: number;
  end: GhlMessage;
  told: string[];
}

interface Line {
  locationId: string;
  instanceId: string;
  connectionId: string;
  messageId: string;
  text: string;
}

/** One location with one number; its gateway answers every send with the row's first text, until it is told to stop. */
async function play(row: LadderRow, number: string): Promise<Story> {
  const line = await send(row, number);
  const { messageId, instanceId, text } = line;
  if (!holds(row)) {
    const end = await untilTold(world, messageId, 'failed', ROW_MS);
    return { asked: timesAsked(world, text), end, told: toldOf(world, messageId) };
  }
  const held = await untilHeld(line);
  const asked = timesAsked(world, text);
  world.waapify.clearFaults(instanceId);
  const end = await untilTold(world, messageId, 'read', ROW_MS);
  return { held, asked, end, told: toldOf(world, messageId) };
}

async function send(row: LadderRow, number: string): Promise<Line> {
  const [locationId, text] = [`location-${row.code}`, `meets ${row.code}`];
  world.ghl.addLocation({ id: locationId });
  await world.install(locationId);
  const { id: instanceId, token } = world.waapify.addInstance({ token: world.waapify.token, number });
  const connectionId = await bridge.admin.connect({ locationId, instanceId, token });
  world.waapify.fault({ end: 'error', message: LADDER_TEXTS[row.code]![0], instanceId, times: 10_000 });
  const { messageId } = await world.agentSends(text, { locationId, phone: PHONE });
  return { locationId, instanceId, connectionId, messageId, text };
}

async function untilHeld({ locationId, messageId, connectionId }: Line): Promise<Story['held']> {
  return await eventually(async () => {
    const { body } = await bridge.admin.call('GET', '/admin/v1/connections');
    const { connections } = body as { connections: { id: string; state: string; code?: string }[] };
    const { state, code } = connections.find(({ id }) => id === connectionId)!;
    const message = await bridge.admin.message(locationId, messageId);
    expect(state).not.toBe('connected');
    expect(message).toMatchObject({ state: 'waiting', reason: state });
    return { state, code, message };
  }, ROW_MS);
}

const storyOf = (code: string): Promise<Story> => stories.get(code)!;
const codes = (fits: (row: LadderRow) => boolean): [string, LadderRow][] =>
  ERROR_LADDER.filter(fits).map((row) => [row.code, row]);

test.each(codes(({ outcome }) => outcome.kind === 'rejected' && outcome.retry === 'never'))(
  '%s: asked once, failed in GHL with its words',
  async (code, row) => {
    const { asked, end, told } = await storyOf(code);
    expect(asked).toBe(1);
    expect(told).toEqual(['pending', 'failed']);
    expect(end.error).toMatchObject({ code, message: row.ghl });
  },
  ROW_MS,
);

test.each(codes((row) => limitOf(row)?.then === 'fail'))(
  '%s: tried again so often as it says, then failed in GHL with its words',
  async (code, row) => {
    const { asked, end, told } = await storyOf(code);
    expect(asked).toBe(limitOf(row)!.retries + 1);
    expect(told).toEqual(['pending', 'failed']);
    expect(end.error).toMatchObject({ code, message: row.ghl });
  },
  ROW_MS,
);

test.each(codes((row) => row.outcome.kind === 'rejected' && row.outcome.retry === 'later' && !limitOf(row)))(
  '%s: tried again until the deadline, then failed in GHL with its words',
  async (code, row) => {
    const { asked, end, told } = await storyOf(code);
    expect(asked).toBe(4);
    expect(told).toEqual(['pending', 'failed']);
    expect(end.error).toMatchObject({ code: 'retry_deadline', message: row.ghl });
  },
  ROW_MS,
);

test.each(codes(holds))(
  '%s: held in its state, never failed; it goes out by itself, once, when the gateway sends again',
  async (code, { outcome }) => {
    const { held, asked, end, told } = await storyOf(code);
    expect(held).toMatchObject({ state: outcome.kind === 'held' ? outcome.state : 'disconnected', code });
    expect(held!.message.next).toMatch(/^It is held: .+ since .+; .+\./);
    expect(asked).toBeGreaterThanOrEqual(outcome.kind === 'held' ? 1 : 3);
    expect(told).not.toContain('failed');
    expect(end.status).toBe('read');
    expect(world.waapify.sends().filter(({ text }) => text === `meets ${code}`)).toHaveLength(1);
  },
  ROW_MS,
);

test('every row was played', () => {
  expect([...stories.keys()].sort()).toEqual(ERROR_LADDER.map(({ code }) => code).sort());
});
