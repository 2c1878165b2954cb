/** What Node's timers can wait at most, 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** Keeps the event loop alive, and does nothing else, until the returned function is called. */
export function keepAlive(): () => void {
  const timer = setInterval(() => {}, LONGEST_MS);
  return () => clearInterval(timer);
}
