import type { Worker, WorkerOptions } from 'node:worker_threads';

import { isRunningHooks } from './hook-registry.ts';
import { patchProperty, type PropertyPatch } from './property-patch.ts';
import { runRound } from './run-round.ts';
import { WorkerStart } from './worker-start.ts';

type WorkerConstructor = typeof Worker;

/**
 * `new Worker` of whoever takes the class from its module from now on; named imports follow by `syncBuiltinESMExports`. Who
 * took it by `require` before has the class itself, whose constructor has no place for us.
 */
export function interceptWorkers(): PropertyPatch {
  const workerThreads = process.getBuiltinModule('node:worker_threads') as { Worker: WorkerConstructor };
  return patchProperty(workerThreads, 'Worker', (original, isActive) => {
    return new Proxy(original, {
      construct(target, given: [string | URL, WorkerOptions?, ...unknown[]], newTarget: WorkerConstructor) {
        const [file, options = {}, ...rest] = given;
        if (!isActive() || isRunningHooks() || typeof options !== 'object' || options === null) {
          return Reflect.construct(target, given, newTarget) as Worker;
        }
        const start = new WorkerStart(file, options);
        return runRound(start.event, {
          prepare: (round) => start.prepare(round),
          start: () => start.run((...amended) => Reflect.construct(target, [...amended, ...rest], newTarget) as Worker),
          outcomeOf: (child) => ({ child }),
        });
      },
    });
  });
}
