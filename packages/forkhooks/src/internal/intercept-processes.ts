import type { ChildProcess } from 'node:child_process';

import { SystemError } from '@osx/errors';

import { deliverToProcess } from './deliver-to-process.ts';
import { isRunningHooks } from './hook-registry.ts';
import { applyAmendments, describeStart, isNativeStart, type NativeStart } from './process-start.ts';
import { patchProperty, type PropertyPatch } from './property-patch.ts';
import { runRound } from './run-round.ts';
import { startingFunction } from './starting-function.ts';

type Spawn = (this: ChildProcess, native: NativeStart) => number;

/**
 * Every process that is not waited for is started by `ChildProcess.prototype.spawn`, whoever took which function of
 * child_process whenever.
 */
export function interceptProcesses(): PropertyPatch {
  const { ChildProcess } = process.getBuiltinModule('node:child_process');
  return patchProperty(
    ChildProcess.prototype as ChildProcess & { spawn: Spawn },
    'spawn',
    (original, isActive): Spawn => {
      return function spawn(native) {
        if (!isActive() || !isNativeStart(native)) return original.call(this, native);
        if (isRunningHooks()) {
          deliverToProcess(native);
          return original.call(this, native);
        }
        return runRound(describeStart(startingFunction() ?? 'spawn', native), {
          prepare: (round) => {
            applyAmendments(native, round.event);
            deliverToProcess(native, round);
          },
          start: () => original.call(this, native),
          outcomeOf: (errno) =>
            errno === 0 ? { pid: this.pid as number, child: this } : { error: spawnError(errno, native), child: this },
        });
      };
    },
  );
}

function spawnError(errno: number, { file }: NativeStart): SystemError {
  return new SystemError({ errno, syscall: 'spawn', path: file });
}
