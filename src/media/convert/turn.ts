/**
 * Returns a function that runs pieces of work one behind the other: a picture is large once it is unpacked, so the
 * memory of one conversion is the memory of all.
 */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
