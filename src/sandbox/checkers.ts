/**
 * Checks on what a gateway really sent: no doubles, the order of each contact kept, nothing lost. Pure functions over
 * the stand-in's journal, so that a breach is found by comparison and not by trust in the bridge's own records.
 */

/** The facts of a send that the checks look at; the stand-in's journal entries have them all. */
export interface CheckedSend {
  instanceId: string;
  number: string;
  type: string;
  text: string;
  gatewayId: string;
  mediaUrl?: string;
  filename?: string;
}

/** One message that went out more than once. */
export interface Duplicate {
  key: string;
  gatewayIds: string[];
}

/** Two messages to one contact in the wrong order: `later` went out first. */
export interface Inversion {
  number: string;
  earlier: string;
  later: string;
}

/** A message that was to be sent: receiver (digits) and text, caption, or another name that `nameOf` gives. */
export interface ExpectedSend {
  number: string;
  text: string;
}

/**
 * Returns what makes two sends the same message: number, kind, text, and the file's name. Not its address, in which
 * every attempt has another token, and not the sending number, so that a double through another number is one too.
 */
function sendKey({ number, type, text, mediaUrl, filename }: CheckedSend): string {
  const file = filename ?? mediaUrl?.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  return JSON.stringify([number, type, text, file]);
}

/**
 * Returns every message that went out more than once; empty is good.
 * Tests that send the same text to the same contact on purpose give a `keyOf` that tells the two apart.
 */
export function findDuplicates<S extends CheckedSend>(
  sends: readonly S[],
  keyOf: (send: S) => string = sendKey,
): Duplicate[] {
  const byKey = new Map<string, string[]>();
  for (const send of sends) byKey.set(keyOf(send), [...(byKey.get(keyOf(send)) ?? []), send.gatewayId]);
  return [...byKey].filter(([, ids]) => ids.length > 1).map(([key, gatewayIds]) => ({ key, gatewayIds }));
}

/**
 * Returns the neighbours that went out in the wrong order, for each contact; empty is good.
 * @param expectedOrderByContact the texts in the order of acceptance, by number. What is missing is not out of order
 * (findLost finds it); of a double the first send counts.
 */
export function findInversions(
  sends: readonly CheckedSend[],
  expectedOrderByContact: Readonly<Record<string, readonly string[]>>,
): Inversion[] {
  return Object.entries(expectedOrderByContact).flatMap(([number, order]) => {
    const texts = sends.filter((send) => send.number === number).map(({ text }) => text);
    const position = new Map<string, number>();
    for (const [index, text] of texts.entries()) if (!position.has(text)) position.set(text, index);
    const sent = order.filter((text) => position.has(text));
    return sent.slice(1).flatMap((later, index) => {
      const earlier = sent[index] ?? '';
      return (position.get(earlier) ?? 0) < (position.get(later) ?? 0) ? [] : [{ number, earlier, later }];
    });
  });
}

/** Returns what was to be sent and was not, as often as it is missing; empty is good. */
export function findLost<E extends ExpectedSend>(expected: readonly E[], sends: readonly CheckedSend[]): E[] {
  const left = new Map<string, number>();
  const keyOf = ({ number, text }: ExpectedSend) => JSON.stringify([number, text]);
  for (const send of sends) left.set(keyOf(send), (left.get(keyOf(send)) ?? 0) + 1);
  return expected.filter((one) => {
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    return count <= 0;
  });
}
