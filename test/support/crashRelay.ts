import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const REACHED_MS = 30_000;

/** A TCP relay between a bridge process and one of its servers: a test stops the traffic at an exact point. */
export interface Relay {
  port: number;
  /** From now on nothing passes in either direction: both sides see a peer that is silent, not gone. */
  stall(): void;
  /**
   * Lets the next client that says all of `words`, in this order, be heard, and keeps back the server's answer and all
   * after it. `reached` resolves when the last word has passed, and rejects after 30 s; `release` lets the answer go.
   */
  holdAnswer(...words: string[]): { reached: Promise<void>; release(): void };
  /** Cuts every connection; what was stalled never arrives. */
  stop(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
  /** How many of the hold's words it has said. */
  said: number;
}

interface Hold {
  words: string[];
  take(pair: Pair): void;
}

/** Starts a relay to a port of 127.0.0.1. */
export async function startRelay(targetPort: number): Promise<Relay> {
  const pairs = new Set<Pair>();
  let stalled = false;
  let hold: Hold | undefined;

  const listener = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    const pair: Pair = { client, server, said: 0 };
    pairs.add(pair);
    const end = (): void => {
      client.destroySoon();
      server.destroySoon();
      pairs.delete(pair);
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    client.on('data', (chunk: Buffer) => {
      hold = watch(hold, pair, chunk.toString('latin1'));
      server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => client.write(chunk));
    if (stalled) pause(pair);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  return {
    port: (listener.address() as AddressInfo).port,
    stall: () => {
      stalled = true;
      for (const pair of pairs) pause(pair);
    },
    holdAnswer: (...words) => {
      let release: () => void = () => undefined;
      const reached = new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`nobody said ${words.join(' ... ')}`)), REACHED_MS);
        const take = ({ server }: Pair): void => {
          clearTimeout(late);
          server.pause();
          release = () => server.resume();
          resolve();
        };
        hold = { words, take };
        for (const pair of pairs) pair.said = 0;
      });
      return { reached, release: () => release() };
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const { client } of pairs) client.destroy();
      await closed;
    },
  };
}

function pause({ client, server }: Pair): void {
  client.pause();
  server.pause();
}

/** Returns the hold that is left: none once it was taken. */
function watch(hold: Hold | undefined, pair: Pair, text: string): Hold | undefined {
  if (hold === undefined) return undefined;
  while (pair.said < hold.words.length && text.includes(hold.words[pair.said]!)) pair.said += 1;
  if (pair.said < hold.words.length) return hold;
  hold.take(pair);
  return undefined;
}
