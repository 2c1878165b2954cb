/** Makes a system call that often, in a process that does nothing else. */
export type EventCall = (iterations: number) => void;

/** Each loads its own package only. */
export const eventCalls: Readonly<Record<string, () => Promise<EventCall>>> = {
  async 'getppid, defineCall'() {
    const { defineCall, nonNegativeOrError } = await import('@osx/native-ffi');
    return repeated(defineCall({ name: 'getppid', returns: 'int', parameters: [], decode: nonNegativeOrError }));
  },

  async 'refused pidfd_open, defineSyscall'() {
    const { defineSyscall, nonNegativeOrError } = await import('@osx/native-ffi');
    const pidfdOpen = defineSyscall({
      number: 'SYS_pidfd_open',
      parameters: ['int', 'uint'],
      decode: nonNegativeOrError,
    });
    return repeated(() => pidfdOpen(-1, 0));
  },

  async 'F_GETFD, getFdFlags'() {
    const { getFdFlags } = await import('@osx/fds');
    return repeated(() => getFdFlags(0));
  },

  async 'eventfd write and read'() {
    const { EventFd } = await import('@osx/linux/eventfd');
    const counter = EventFd.create();
    return repeated(() => {
      counter.add();
      counter.tryRead();
    });
  },

  async 'pidfd_send_signal 0'() {
    const { openPidfd } = await import('@osx/linux/pidfd');
    const self = openPidfd(process.pid);
    return repeated(() => self.sendSignal(0));
  },

  async 'PR_GET_NAME, getThreadName'() {
    const { getThreadName } = await import('@osx/linux/prctl');
    return repeated(() => getThreadName());
  },
};

function repeated(operation: () => unknown): EventCall {
  return (iterations) => {
    for (let count = 0; count < iterations; count += 1) operation();
  };
}
