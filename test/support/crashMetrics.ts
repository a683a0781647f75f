import type { BridgeProcess } from './bridgeProcess';
import type { World } from './world';

/** Returns a bridge process's counter with this label, 0 when it has not counted yet. */
export async function counterOf(world: World, of: BridgeProcess, name: string, label: string): Promise<number> {
  const { ADMIN_TOKEN: token } = await world.env();
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(new URL('/metrics', of.admin.url), { headers });
  if (!answer.ok) throw new Error(`metrics: ${answer.status}`);
  const lines = (await answer.text()).split('\n');
  const line = lines.find((one) => one.startsWith(`${name}{`) && one.includes(label));
  return Number(line?.split(' ').at(-1) ?? 0);
}
