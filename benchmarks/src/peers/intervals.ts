/** Calls back once a tick, until the function that it returned is called. */
export type StartInterval = (periodMs: number, onTick: (periods: number) => void) => void;

/** Each counts periods as well as it can: `onTick` gets how many of them this tick stands for. */
export const intervals: Readonly<Record<string, () => Promise<StartInterval>>> = {
  async everyInterval() {
    const { everyInterval } = await import('@osx/linux/timerfd');
    return (periodMs, onTick) => {
      const follow = async (): Promise<void> => {
        for await (const { expirations } of everyInterval(periodMs)) onTick(expirations);
      };
      void follow();
    };
  },
  setInterval: () => Promise.resolve((periodMs, onTick) => void setInterval(onTick, periodMs, 1)),
  async 'timers/promises'() {
    const { setInterval: ticks } = await import('node:timers/promises');
    return (periodMs, onTick) => {
      const follow = async (): Promise<void> => {
        for await (const one of ticks(periodMs, 1)) onTick(one);
      };
      void follow();
    };
  },
};
