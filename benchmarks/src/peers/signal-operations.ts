/** Does something with signals that often, in a process that does nothing else; sending goes to the given pid. */
export type SignalOperation = (iterations: number) => void;

/** Each loads its own package only. */
export const signalOperations: Readonly<Record<string, (pid: number) => Promise<SignalOperation>>> = {
  'process.kill': (pid) => repeated(() => process.kill(pid, 'SIGUSR2')),
  'process.kill, signal 0': (pid) => repeated(() => process.kill(pid, 0)),

  async sendSignal(pid) {
    const { sendSignal } = await import('@osx/signals');
    return repeated(() => sendSignal(pid, 'SIGUSR2'));
  },

  async processExists(pid) {
    const { processExists } = await import('@osx/signals');
    return repeated(() => processExists(pid));
  },

  async queueSignal(pid) {
    const { queueSignal } = await import('@osx/signals');
    return repeated(() => queueSignal(pid, 'SIGRTMIN', 7));
  },

  async getSignalMask() {
    const { getSignalMask } = await import('@osx/signals');
    return repeated(() => getSignalMask());
  },

  async 'setSignalMask and back'() {
    const { setSignalMask } = await import('@osx/signals');
    return repeated(() => setSignalMask('set', setSignalMask('block', 'SIGUSR1')));
  },

  async signalMaskScope() {
    const { signalMaskScope } = await import('@osx/signals');
    return repeated(() => signalMaskScope('block', 'SIGUSR1')[Symbol.dispose]());
  },

  async pendingSignals() {
    const { pendingSignals } = await import('@osx/signals');
    return repeated(() => pendingSignals());
  },
};

function repeated(operation: () => unknown): Promise<SignalOperation> {
  return Promise.resolve((iterations) => {
    for (let count = 0; count < iterations; count += 1) operation();
  });
}
