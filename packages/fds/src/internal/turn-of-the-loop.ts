/** How much may be moved before the event loop gets a turn: 64 calls, or 1 MiB. */
const CALLS_PER_TURN = 64;
const BYTES_PER_CALL = 16 * 1024;

let spent = 0;

/**
 * Lets the event loop turn when much was moved without a wait. A descriptor that is always ready (/dev/zero, a file, a
 * pipe with a fast writer) would otherwise be served from microtasks for ever, and no timer would fire.
 */
export function shareTheLoop(bytes: number): Promise<void> | undefined {
  spent += 1 + bytes / BYTES_PER_CALL;
  if (spent < CALLS_PER_TURN) return undefined;
  spent = 0;
  return new Promise((resolve) => setImmediate(resolve));
}
