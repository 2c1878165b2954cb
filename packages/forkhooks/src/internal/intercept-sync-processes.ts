import { SystemError, UnsupportedError } from '@osx/errors';

import { deliverToProcess } from './deliver-to-process.ts';
import { isRunningHooks } from './hook-registry.ts';
import { applyAmendments, describeStart, type NativeStart } from './process-start.ts';
import { patchProperty, type PropertyPatch } from './property-patch.ts';
import { runRound } from './run-round.ts';
import { startingFunction } from './starting-function.ts';

interface SpawnSyncBinding {
  spawn(native: NativeStart): { readonly pid: number; readonly error?: number };
}

/**
 * spawnSync, execSync and execFileSync meet in one function of Node's native part, whoever took them whenever.
 *
 * @throws {UnsupportedError} where it is out of reach.
 */
export function interceptSyncProcesses(): PropertyPatch {
  return patchProperty(spawnSyncBinding(), 'spawn', (original, isActive) => {
    return function spawn(this: unknown, native) {
      if (!isActive()) return original.call(this as SpawnSyncBinding, native);
      const start = (): ReturnType<SpawnSyncBinding['spawn']> => original.call(this as SpawnSyncBinding, native);
      if (isRunningHooks()) {
        deliverToProcess(native);
        return start();
      }
      return runRound(describeStart(startingFunction() ?? 'spawnSync', native), {
        prepare: (round) => {
          applyAmendments(native, round.event);
          deliverToProcess(native, round);
        },
        start,
        outcomeOf: ({ pid, error }) =>
          pid === 0 && error !== undefined ? { error: spawnError(error, native) } : { pid },
      });
    };
  });
}

function spawnSyncBinding(): SpawnSyncBinding {
  const { noDeprecation } = process as { noDeprecation?: boolean };
  try {
    // With --pending-deprecation Node would warn its user of what the user has not written.
    if (noDeprecation !== true) process.noDeprecation = true;
    return (process as unknown as { binding(name: string): SpawnSyncBinding }).binding('spawn_sync');
  } catch (cause) {
    throw new UnsupportedError({
      feature: 'hooks around child processes',
      requires: "process.binding('spawn_sync'), which this Node or its --permission refuses",
      cause,
    });
  } finally {
    if (noDeprecation !== true) Reflect.deleteProperty(process, 'noDeprecation');
  }
}

function spawnError(errno: number, { file }: NativeStart): SystemError {
  return new SystemError({ errno, syscall: 'spawnSync', path: file });
}
