import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { grpc } from '@temporalio/proto';

const SERVICE = 'temporal.api.workflowservice.v1.WorkflowService';
const { SERVING } = grpc.health.v1.HealthCheckResponse.ServingStatus;
const CONNECT_MS = 2_000;
const BETWEEN_TRIES_MS = 100;

/** Returns once the server's health is SERVING. Throws when `server` has ended, or after `timeoutMs`. */
export async function awaitServing(address: string, server: { hasEnded(): boolean }, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isServing(address))) {
    if (server.hasEnded()) throw new Error('the server ended');
    if (Date.now() > deadline) throw new Error(`no health after ${timeoutMs / 1000} s`);
    await sleep(BETWEEN_TRIES_MS);
  }
}

/** Has the namespace keep closed workflows for `retentionMs`; the dev server's own default is one day. */
export async function setRetention(address: string, namespace: string, retentionMs: number): Promise<void> {
  await withConnection(address, ({ workflowService }) =>
    workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: msToTs(retentionMs) } }),
  );
}

async function isServing(address: string): Promise<boolean> {
  return withConnection(address, async ({ healthService }) => {
    const { status } = await healthService.check({ service: SERVICE });
    return status === SERVING;
  }).catch(() => false);
}

async function withConnection<T>(address: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_MS });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
