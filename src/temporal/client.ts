import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { TemporalSettings } from '../config/temporal';

/** A call to Temporal waits this long; nobody who calls the bridge waits for it. */
const CALL_MS = 1_000;

export interface TemporalClient {
  client: Client;
  connection: Connection;
  /** Runs calls with a deadline: a server that is down answers after a second, not after the driver's twenty. */
  within<T>(call: () => Promise<T>, ms?: number): Promise<T>;
  close(): Promise<void>;
}

/** Returns a client that connects when it is first used: the bridge serves with Temporal down from its boot on. */
export function createTemporalClient(settings: TemporalSettings): TemporalClient {
  const { address, namespace, apiKey, tls, metadata } = settings;
  const connection = Connection.lazy({ address, apiKey, tls, metadata });
  return {
    client: new Client({ connection, namespace }),
    connection,
    within: (call, ms = CALL_MS) => connection.withDeadline(Date.now() + ms, call),
    close: () => connection.close(),
  };
}

/** Connects the worker's side. Throws when Temporal does not answer. */
export async function connectWorker(settings: TemporalSettings): Promise<NativeConnection> {
  const { address, apiKey, tls, metadata } = settings;
  return await NativeConnection.connect({ address, apiKey, tls, metadata });
}
