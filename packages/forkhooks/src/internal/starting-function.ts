import { getCallSites } from 'node:util';

import type { ForkKind } from '../fork-hook.ts';

/** Ours, those of child_process, cluster's, and some wrappers of other people's in between. */
const FRAMES = 16;
const FUNCTIONS: ReadonlySet<string> = new Set<ForkKind>([
  'spawn',
  'exec',
  'execFile',
  'fork',
  'spawnSync',
  'execSync',
  'execFileSync',
]);

/** The function of Node's that the program has called, as the stack tells it: one calls the other inside of Node. */
export function startingFunction(): ForkKind | undefined {
  let found: ForkKind | undefined;
  for (const { functionName, scriptName } of getCallSites(FRAMES, { sourceMap: false })) {
    if (scriptName === 'node:child_process') {
      if (FUNCTIONS.has(functionName)) found = functionName as ForkKind;
    } else if (scriptName === 'node:internal/cluster/primary' && found === 'fork') return 'cluster';
    else if (found !== undefined) return found;
  }
  return found;
}
