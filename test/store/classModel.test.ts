import fc from 'fast-check';
import { rankOf } from '../../src/domain/messageClass';
import { slowClassOf } from '../support/slowClass';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh, openLine, type Line } from './line';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

/** Few contacts and texts, so that they meet; some more contacts than a person may write to in a minute. */
const contact = fc.integer({ min: 0, max: 7 }).map((n) => `contact-${n}`);
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('accept' as const),
      to: contact,
      userId: fc.constantFrom(undefined, 'user-1', 'user-1', 'user-2'),
      text: fc.oneof(fc.constantFrom('Sale!', 'Hello'), fc.nat(1_000).map(String)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('arrives' as const), from: contact }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('cancel' as const), pick: fc.nat(30) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('claim' as const), pick: fc.nat(30) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('time' as const),
      seconds: fc.constantFrom(1, 1, 10, 30, 59, 60, 300, 599, 600, 86_400),
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

/** A message as the rules see it. */
interface Known {
  messageId: string;
  sender: string;
  byPerson: boolean;
  party: string;
  text: string;
  at: number;
  answers: boolean;
  class: 'reply' | 'bulk';
  open: boolean;
}

/** What the rules say of a history, the long way: everything is derived from all that has happened. */
class Reference {
  readonly messages: Known[] = [];
  private readonly lastWords = new Map<string, number>();

  accept(message: Omit<Known, 'answers' | 'class' | 'open'>): void {
    const answers = (this.lastWords.get(message.party) ?? -Infinity) > message.at - DAY;
    const known: Known = { ...message, answers, class: 'bulk', open: true };
    this.messages.push(known);
    known.class = this.classOf(known);
  }

  arrives(from: string, now: number): void {
    this.lastWords.set(from, now);
    const waiting = this.messages.filter(({ open, party }) => open && party === from);
    for (const message of waiting) message.answers = true;
    for (const message of waiting) if (message.class === 'bulk') message.class = this.classOf(message);
  }

  claim(message: Known): void {
    if (message.open && message.class === 'reply') message.class = this.classOf(message);
  }

  /** Its own rank, or the least of its contact's later ones. */
  rankOf(message: Known): number {
    const later = this.messages.slice(this.messages.indexOf(message));
    const same = later.filter(({ open, party }) => open && party === message.party);
    return Math.min(...same.map((one) => rankOf(one.class, one.byPerson)));
  }

  head(): Known | undefined {
    const open = this.messages.filter((message) => message.open);
    const firsts = open.filter((message) => open.find(({ party }) => party === message.party) === message);
    return firsts.sort((a, b) => this.rankOf(a) - this.rankOf(b))[0];
  }

  private classOf(self: Known): 'reply' | 'bulk' {
    const near = this.messages.filter(({ sender }) => sender === self.sender);
    const sameText = near.filter(({ text }) => text === self.text);
    return slowClassOf({ ownWords: false, byPerson: self.byPerson, self, near, sameText, more: false });
  }
}

const RUNS = { sqlite: 40, mysql: 6 };

describeStores('whatever is sent and answered', (ledger) => {
  it('has the class, the rank and the head that the rules give it', async () => {
    if (ledger().kind === 'sqlite') await ledger().db.knex.raw('PRAGMA synchronous = OFF');
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 8, maxLength: 30, size: '+1' }), async (events) => {
        const line = await openLine(ledger());
        const reference = new Reference();
        for (const one of events) {
          await happen(ledger(), line, reference, one);
          await compare(ledger(), line, reference);
        }
      }),
      { numRuns: RUNS[ledger().kind] },
    );
  }, 300_000);
});

async function happen({ clock }: TestStore, line: Line, reference: Reference, event: Event): Promise<void> {
  const message = 'pick' in event ? reference.messages[event.pick % Math.max(reference.messages.length, 1)] : undefined;
  switch (event.what) {
    case 'accept': {
      const { to, userId, text } = event;
      const { messageId } = await line.accept({ to, userId, text });
      const byPerson = userId !== undefined;
      const sender = userId ?? 'nobody';
      return reference.accept({ messageId, sender, byPerson, party: to, text, at: clock.now });
    }
    case 'arrives':
      await line.arrives({ from: event.from });
      return reference.arrives(event.from, clock.now);
    case 'cancel':
      if (message !== undefined) await line.cancel(message);
      if (message !== undefined) message.open = false;
      return;
    case 'claim':
      return message && (await claim(line, reference, message));
    case 'time':
      return clock.advance(event.seconds * SECOND);
  }
}

/** Whoever is granted has to be the head, and is sent; the head is never told that it is behind. */
async function claim(line: Line, reference: Reference, message: Known): Promise<void> {
  reference.claim(message);
  const isHead = reference.head() === message;
  const claimed = await line.claim(message);
  const expected = isHead ? ['granted', 'sit'] : message.open ? ['wait'] : ['done'];
  expect(expected).toContain(claimed.kind);
  if (claimed.kind !== 'granted') return;
  await line.record(claimed, { kind: 'accepted', gatewayId: fresh('W') });
  message.open = false;
}

async function compare({ db }: TestStore, line: Line, reference: Reference): Promise<void> {
  const open = { location_id: line.scope.locationId, direction: 'outbound', open: 1 };
  const rows = await db.knex('messages').where(open).orderBy('seq').select('id', 'class', 'rank', 'answers');
  const known = reference.messages.filter((message) => message.open);
  expect(rows).toEqual(
    known.map((message) => ({
      id: message.messageId,
      class: message.class,
      rank: reference.rankOf(message),
      answers: message.answers ? 1 : 0,
    })),
  );
}
