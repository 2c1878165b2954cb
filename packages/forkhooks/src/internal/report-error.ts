/** Throws where nobody can catch it but `process.on('uncaughtException')`: other hooks run on, the error is not lost. */
export function reportError(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
