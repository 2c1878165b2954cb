import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setInterval as ticks } from 'node:timers/promises';
import { hasCode } from '@osx/errors';

/** Begins to wait for the end of a process, and gives the promise of it. */
export type ExitNotice = (child: ChildProcess) => { ended: Promise<unknown> };

/** Each loads its own package only. */
export const exitNotices: Readonly<Record<string, () => Promise<ExitNotice>>> = {
  async 'pidfd, waitForExit'() {
    const { openPidfd } = await import('@osx/linux/pidfd');
    return ({ pid }) => {
      const pidfd = openPidfd(pid as number);
      return { ended: pidfd.waitForExit().finally(() => pidfd.close()) };
    };
  },
  "child.on('exit'), own children only": () => Promise.resolve((child) => ({ ended: once(child, 'exit') })),
  'kill(pid, 0) every millisecond': polling(1),
  'kill(pid, 0) every 10 ms': polling(10),
  'kill(pid, 0) every 100 ms': polling(100),
};

function polling(periodMs: number): () => Promise<ExitNotice> {
  return () => Promise.resolve(({ pid }) => ({ ended: polled(pid as number, periodMs) }));
}

async function polled(pid: number, periodMs: number): Promise<void> {
  for await (const _tick of ticks(periodMs)) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if (hasCode(error, 'ESRCH')) return;
      throw error;
    }
  }
}
