import { shared } from './shared';

/** Jest calls this after all tests. */
export default async function globalTeardown(): Promise<void> {
  const { mysql } = shared;
  shared.mysql = undefined;
  await mysql?.stop();
}
