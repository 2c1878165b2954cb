/** What a promise came to, or `'late'` when it is pending after so many milliseconds. No limit: waits for it. */
export async function settledWithin<T>(
  promise: Promise<T>,
  milliseconds: number | undefined,
): Promise<{ readonly value: T } | 'late'> {
  const settled = promise.then((value) => ({ value }));
  if (milliseconds === undefined || milliseconds === Infinity) return settled;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    // A timer of Node waits for 2147483647 ms at most, and fires at once for more.
    timer = setTimeout(resolve, Math.min(milliseconds, 2 ** 31 - 1), 'late');
  });
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}
