/** Maps every item, so many at a time, and keeps their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  const queue = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      results.set(next[0], await map(next[1], next[0]));
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return items.map((_, index) => results.get(index) as R);
}
