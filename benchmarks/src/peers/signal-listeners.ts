import { on, once } from 'node:events';

/** Calls the function for a signal until it is told to stop. */
export type SignalListener = (signal: NodeJS.Signals, handle: () => void) => () => void;

/** Each loads its own package only. */
export const signalListeners: Readonly<Record<string, () => Promise<SignalListener>>> = {
  'process.on': () =>
    Promise.resolve((signal, handle) => {
      process.on(signal, handle);
      return () => process.off(signal, handle);
    }),

  async onSignal() {
    const { onSignal } = await import('@osx/signals');
    return (signal, handle) => {
      const subscription = onSignal(signal, handle);
      return () => subscription[Symbol.dispose]();
    };
  },

  async 'onSignal, async handler'() {
    const { onSignal } = await import('@osx/signals');
    return (signal, handle) => {
      const subscription = onSignal(signal, () => Promise.resolve().then(handle));
      return () => subscription[Symbol.dispose]();
    };
  },

  async signalScope() {
    const { signalScope } = await import('@osx/signals');
    return (signal, handle) => {
      const scope = signalScope({ [signal]: handle });
      return () => scope[Symbol.dispose]();
    };
  },

  async iterateSignals() {
    const { iterateSignals } = await import('@osx/signals');
    return (signal, handle) => {
      const stop = new AbortController();
      void handleEach(iterateSignals(signal, { signal: stop.signal }), handle);
      return () => stop.abort();
    };
  },

  'events.on': () =>
    Promise.resolve((signal, handle) => {
      const stop = new AbortController();
      void handleEach(on(process, signal, { signal: stop.signal }), handle);
      return () => stop.abort();
    }),

  async waitForSignal() {
    const { waitForSignal } = await import('@osx/signals');
    return waitEach((signal, options) => waitForSignal(signal, options));
  },

  'events.once': () => Promise.resolve(waitEach((signal, options) => once(process, signal, options))),
};

async function handleEach(events: AsyncIterable<unknown>, handle: () => void): Promise<void> {
  try {
    for await (const _event of events) handle();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
  }
}

type Wait = (signal: NodeJS.Signals, options: { signal: AbortSignal }) => Promise<unknown>;

/** Waits for one signal after the other. In between nobody would listen: the next wait begins before the last is told. */
function waitEach(wait: Wait): SignalListener {
  return (signal, handle) => {
    const stop = new AbortController();
    const waitOn = async (waiting: Promise<unknown>): Promise<void> => {
      try {
        await waiting;
      } catch (error) {
        if (stop.signal.aborted) return;
        throw error;
      }
      void waitOn(wait(signal, { signal: stop.signal }));
      handle();
    };
    void waitOn(wait(signal, { signal: stop.signal }));
    return () => stop.abort();
  };
}
