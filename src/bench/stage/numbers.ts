import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminApi } from '../../ops/adminApi';
import { installByOauth } from '../../quickstart/stage/installByOauth';
import { withinDeadline } from '../../quickstart/waiting';
import type { BenchWorld } from './world';

const CONNECTED_MS = 120_000;
/** Of each number but the first, which may have a million. */
const CONTACTS = 1_000;

/** One WhatsApp number in a location of its own. */
export interface BenchNumber {
  locationId: string;
  instanceId: string;
  connectionId: string;
  /** Returns a contact's phone number, `+` and digits; no other number has the same. */
  phoneOf(contact: number): string;
}

export interface NumberPlace {
  /** Makes it unlike others. */
  index: number;
  /** The gateway's address; the stand-in's own unless told. */
  baseUrl?: string;
  /** Settings of the connection. */
  settings?: Record<string, string>;
}

/** Installs the app in a new location and connects a new number to it. */
export async function addNumber(world: BenchWorld, admin: AdminApi, place: NumberPlace): Promise<BenchNumber> {
  const { ghl, waapify, origin } = world;
  const { index, baseUrl, settings } = place;
  const locationId = `bench-location-${index}`;
  ghl.addLocation({ id: locationId });
  const { id: instanceId } = waapify.addInstance({
    token: waapify.token,
    number: `6011${String(2_000_000 + index)}`,
    auto: { echo: true, server: true, delivered: true },
  });
  await installByOauth(ghl, origin, locationId);
  const body = { locationId, instanceId, token: waapify.token, ...(baseUrl !== undefined && { baseUrl }) };
  const { connectionId } = await admin.post<{ connectionId: string }>('/admin/v1/connections', body);
  if (settings !== undefined) await admin.patch(`/admin/v1/connections/${connectionId}`, settings);
  const base = index === 0 ? 2_000_000 : 3_000_000 + index * CONTACTS;
  const phoneOf = (contact: number): string => `+6012${base + contact}`;
  return { locationId, instanceId, connectionId, phoneOf };
}

/** Resolves once all of them are connected. Throws after two minutes. */
export async function untilConnected(admin: AdminApi, numbers: readonly BenchNumber[]): Promise<void> {
  const wanted = new Set(numbers.map(({ connectionId }) => connectionId));
  await untilStates(admin, wanted, 'connected');
}

/** Resolves once the connections of these ids are in a state. Throws after two minutes. */
export async function untilStates(admin: AdminApi, wanted: ReadonlySet<string>, state: string): Promise<void> {
  const never = new AbortController().signal;
  await withinDeadline(CONNECTED_MS, never, (until) =>
    until(`${wanted.size} numbers to be ${state}`, async () => {
      const { connections } = await admin.get<{ connections: { id: string; state: string }[] }>(
        '/admin/v1/connections',
      );
      const there = connections.filter((one) => wanted.has(one.id) && one.state === state);
      return there.length === wanted.size || sleep(200, false);
    }),
  );
}
