/** Does the work and says how long it took: these runs are long, and their durations are part of what they show. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    process.stderr.write(`[topology] ${what}: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  }
}
