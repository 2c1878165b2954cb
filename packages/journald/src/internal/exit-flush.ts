/** Something with entries that the end of the process would lose. */
export interface ExitFlusher {
  drainNow(deadline: number): void;
}

/** How long the end of the process may be put off, in all. */
const EXIT_FLUSH_MS = 1_000;

const flushers = new Set<ExitFlusher>();

/**
 * Empties it when the process exits by itself or by process.exit(), until the returned function is called. There is a
 * listener only while there is something to empty.
 */
export function flushAtExit(flusher: ExitFlusher): () => void {
  if (flushers.size === 0) process.on('exit', flushAll);
  flushers.add(flusher);
  return () => {
    flushers.delete(flusher);
    if (flushers.size === 0) process.removeListener('exit', flushAll);
  };
}

function flushAll(): void {
  const deadline = performance.now() + EXIT_FLUSH_MS;
  for (const flusher of flushers) flusher.drainNow(deadline);
}
