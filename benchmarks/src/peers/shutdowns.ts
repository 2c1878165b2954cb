/** Sets up what a program does at SIGTERM; `say` is called in the first line of its cleanup. */
export type Shutdown = (say: (line: string) => void) => Promise<void>;

const work = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Each loads its own package only. All have a cleanup that takes 5 ms, and say `cleaned` after it. */
export const shutdowns: Readonly<Record<string, Shutdown>> = {
  async gracefulShutdown(say) {
    const { gracefulShutdown } = await import('@osx/signals');
    gracefulShutdown({
      async cleanup() {
        say('cleanup');
        await work();
        say('cleaned');
      },
    });
  },

  'process.on, process.exit'(say) {
    process.on('SIGTERM', () => {
      say('cleanup');
      void work().then(() => {
        say('cleaned');
        process.exit(0);
      });
    });
    return Promise.resolve();
  },

  async 'signal-exit'(say) {
    const { onExit } = await import('signal-exit');
    onExit(() => {
      say('cleanup');
      void work().then(() => say('cleaned'));
    });
  },
};
