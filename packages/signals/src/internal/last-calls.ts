type LastCall = () => unknown;

const lastCalls = new Set<LastCall>();

/** Adds what is called before the process ends by a signal of its own. */
export function addLastCall(call: LastCall): void {
  lastCalls.add(call);
}

export function removeLastCall(call: LastCall): void {
  lastCalls.delete(call);
}

/** Makes each call once. What one throws hinders neither the others nor the end, and there is nobody left to tell. */
export function makeLastCalls(): void {
  for (const call of lastCalls) {
    lastCalls.delete(call);
    try {
      call();
    } catch {
      // The process ends.
    }
  }
}
