import { existsSync } from 'node:fs';

import { HIDDEN_VARIABLES, hiddenName } from './launch-plan.ts';

const PLACES = ['/usr/bin/env', '/bin/env'];
const UNSET = HIDDEN_VARIABLES.flatMap((name) => ['-u', name]);

let found: readonly string[] | undefined;

/**
 * The words in front of the launcher's Node: env(1), which takes away what a Node would obey, and hands it on under other
 * names. They stand in the environment that the child really gets, fork hooks included. Empty where there is no env(1).
 */
export function envCommand(): readonly string[] {
  found ??= findEnv();
  return found;
}

function findEnv(): readonly string[] {
  const path = PLACES.find((place) => existsSync(place));
  if (path === undefined) return [];
  const renamed = HIDDEN_VARIABLES.map((name) => `${hiddenName(name)}=\${${name}}`);
  // BusyBox has no -S.
  if (!canSplit(path)) return [path, ...UNSET];
  return [path, '-S', [...UNSET, ...renamed].join(' ')];
}

/** Asked with a variable that nobody else sets. */
function canSplit(env: string): boolean {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync(env, ['-S', 'OSX_DEATHPACT_NEW=${OSX_DEATHPACT_OLD}', env], {
    env: { OSX_DEATHPACT_OLD: 'a b' },
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return status === 0 && stdout.split('\n').includes('OSX_DEATHPACT_NEW=a b');
}
