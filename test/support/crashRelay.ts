import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP relay between a bridge process and one of its servers: a test stops the traffic at an exact point. */
export interface Relay {
  port: number;
  /** From now on nothing passes in either direction: both sides see a peer that is silent, not gone. */
  stall(): void;
  /**
   * Lets the next statement that begins with `then`, on a connection that has sent `first` before, reach the server,
   * and keeps back the server's answer and all after it. `reached` resolves when the statement has passed.
   */
  holdAnswer(first: string, then: string): { reached: Promise<void>; release(): void };
  /** Cuts every connection; what was stalled never arrives. */
  stop(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
  /** Has sent the hold's `first`. */
  seen: boolean;
}

interface Hold {
  first: string;
  then: string;
  take(pair: Pair): void;
}

/** Starts a relay to a port of 127.0.0.1. */
export async function startRelay(targetPort: number): Promise<Relay> {
  const pairs = new Set<Pair>();
  let stalled = false;
  let hold: Hold | undefined;

  const listener = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    const pair: Pair = { client, server, seen: false };
    pairs.add(pair);
    const end = (): void => {
      client.destroy();
      server.destroy();
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
    holdAnswer: (first, then) => {
      let release: () => void = () => undefined;
      const reached = new Promise<void>((resolve) => {
        const take = ({ server }: Pair): void => {
          server.pause();
          release = () => server.resume();
          resolve();
        };
        hold = { first, then, take };
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

/** Returns the hold that is left: none once it was taken. A statement travels in a packet of its own. */
function watch(hold: Hold | undefined, pair: Pair, text: string): Hold | undefined {
  if (hold === undefined) return undefined;
  if (pair.seen && text.includes(hold.then)) {
    hold.take(pair);
    return undefined;
  }
  pair.seen ||= text.includes(hold.first);
  return hold;
}
