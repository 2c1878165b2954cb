import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { spawnWithDeathpact } from '@osx/deathpacts';

import type { RunJob } from './run-job.ts';
import type { Result } from './state-file.ts';

const PROGRAM = fileURLToPath(new URL('worker.ts', import.meta.url));

/**
 * Processes that do the jobs in turn. Nobody ends them: they have a pact, and end with this process, however it ends. One that
 * ends before is replaced, and its job is run again.
 */
export class WorkerPool {
  readonly #workers: ChildProcess[];
  #turn = 0;

  private constructor(workers: ChildProcess[]) {
    this.#workers = workers;
  }

  static async start(count: number): Promise<WorkerPool> {
    return new WorkerPool(await Promise.all(Array.from({ length: count }, startWorker)));
  }

  readonly run: RunJob = async (job, configuration) => {
    for (;;) {
      const index = this.#turn++ % this.#workers.length;
      const worker = this.#workers[index] as ChildProcess;
      const answer = new Promise<Result | undefined>((resolve) => {
        worker.once('exit', () => resolve(undefined));
        worker.once('message', (result) => resolve(result as Result));
      });
      const isSent = worker.connected && worker.send({ job, configuration });
      const result = isSent ? await answer : undefined;
      worker.removeAllListeners('exit').removeAllListeners('message');
      if (result !== undefined) return result;
      worker.kill('SIGKILL');
      this.#workers[index] = await startWorker();
    }
  };
}

async function startWorker(): Promise<ChildProcess> {
  const worker = await spawnWithDeathpact(process.execPath, [PROGRAM], {
    // Not our standard output: who waits for its end waits for ours.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  worker.on('error', () => {});
  console.log(`worker ${worker.pid}`);
  return worker;
}
