import { syncBuiltinESMExports } from 'node:module';

import { interceptProcesses } from './intercept-processes.ts';
import { interceptSyncProcesses } from './intercept-sync-processes.ts';
import { interceptWorkers } from './intercept-workers.ts';
import type { PropertyPatch } from './property-patch.ts';

let patches: PropertyPatch[] = [];

/** From now on every start of a child in this thread is a round of hooks. All or nothing. */
export function installInterception(): void {
  try {
    for (const intercept of [interceptSyncProcesses, interceptProcesses, interceptWorkers]) patches.push(intercept());
  } catch (error) {
    uninstallInterception();
    throw error;
  }
  // Named imports of built-in modules are live: this hands them the new Worker.
  syncBuiltinESMExports();
}

/** Node's functions are again what they were. */
export function uninstallInterception(): void {
  for (const patch of patches.toReversed()) patch.undo();
  patches = [];
  syncBuiltinESMExports();
}
