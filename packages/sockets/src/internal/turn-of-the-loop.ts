/** How many operations may succeed without a wait before the event loop gets a turn. */
const OPERATIONS_PER_TURN = 64;

let spent = 0;

/** Lets the event loop turn now and then where a peer is so fast that nothing ever waits: no timer would fire. */
export function shareTheLoop(): Promise<void> | undefined {
  spent += 1;
  if (spent < OPERATIONS_PER_TURN) return undefined;
  spent = 0;
  return new Promise((resolve) => setImmediate(resolve));
}
