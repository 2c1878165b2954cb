import { accessSync, closeSync, constants, openSync } from 'node:fs';

import { signalName } from '@osx/signals';

import type { LaunchRequest } from './launch-request.ts';

const LAST_STANDARD_SIGNAL = 31;

interface Setpriv {
  readonly path: string;
  /** Where a child executes setpriv as long as this process lives, and finds nothing afterwards. */
  readonly throughParent: string;
}

let found: { readonly setpriv: Setpriv | undefined } | undefined;

/**
 * The words in front of a program that make setpriv(1) its launcher; undefined where setpriv does not do.
 *
 * The first setpriv arms the parent-death signal and executes the second one, which changes nothing, through this process's own
 * table of descriptors in /proc. The kernel takes that table away before it sends the signal to the children: whoever armed
 * too late does not find it, and ends there. No shell: that would change the program's environment.
 */
export function launchPrefix({ argv0, uid, gid, deathSignal }: LaunchRequest): readonly string[] | undefined {
  // Another user may not look into this process.
  if (argv0 !== undefined || uid !== undefined || gid !== undefined) return undefined;
  if (deathSignal > LAST_STANDARD_SIGNAL) return undefined;
  found ??= { setpriv: findSetpriv() };
  if (found.setpriv === undefined) return undefined;
  const arming = ['--pdeathsig', signalName(deathSignal).slice('SIG'.length), '--'];
  return [found.setpriv.path, ...arming, found.setpriv.throughParent, ...arming];
}

function findSetpriv(): Setpriv | undefined {
  const places = [...(process.env['PATH'] ?? '').split(':'), '/usr/bin', '/bin'];
  const path = places
    .filter((place) => place.startsWith('/'))
    .map((place) => `${place}/setpriv`)
    .find(isExecutable);
  if (path === undefined) return undefined;
  // Open from now on, and close-on-exec.
  const fd = openSync(path, 'r');
  const setpriv = { path, throughParent: `/proc/${process.pid}/fd/${fd}` };
  if (works(setpriv)) return setpriv;
  closeSync(fd);
  return undefined;
}

/** Older ones, and BusyBox's, know no parent-death signal; /proc may be hidden, or this process not to be looked into. */
function works({ path, throughParent }: Setpriv): boolean {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status } = spawnSync(path, ['--pdeathsig', 'KILL', '--', throughParent, '--version'], { stdio: 'ignore' });
  return status === 0;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
