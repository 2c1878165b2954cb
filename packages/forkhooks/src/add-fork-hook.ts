import { SystemError } from '@osx/errors';

import { AddedForkHook } from './added-fork-hook.ts';
import type { ForkHook } from './fork-hook.ts';
import { checkForkHook, register } from './internal/registration.ts';

/**
 * Adds functions that run around the start of every child of this thread: spawn, exec, execFile, fork, their Sync twins,
 * cluster.fork and `new Worker`, by whatever code they are called.
 *
 * `beforeFork` runs first, in reverse order of addition, then `afterForkInParent` in order, as with pthread_atfork(3);
 * hooks of higher priority are the outer ones. A `beforeFork` that throws calls the start off: the hooks that had run are
 * told (`unwound`), and the caller of `spawn` gets the error. What an `after` throws is an uncaught exception, and the
 * others run on. `afterForkInChild` runs in Node programs and Workers before their own code, also behind a shell.
 *
 * **Platform** any, Node 22.18 or later. It replaces functions of Node's from the first hook to the last: see the README.
 *
 * **Gotchas** A function as `afterForkInChild` is sent as its source, and sees nothing of what surrounds it. Children that a
 * hook starts have no hooks. A Worker has hooks of its own. A hook that was removed while a start was under way still
 * gets the `after` to its `before`.
 *
 * @param hook Taken as it is now: later changes have no effect.
 * @returns To be closed, by `using` or `close()`; the last one restores Node's functions.
 * @throws {TypeError|RangeError} on a bad argument.
 * @throws {SystemError} ERR_OSX_DUPLICATE_KEY; ENOENT, EACCES for a module that cannot be read.
 * @throws {UnsupportedError} ENOTSUP where Node keeps its Sync functions out of reach: with `--permission`.
 * @example
 * ```ts
 * import { execFileSync } from 'node:child_process';
 * import { addForkHook } from '@osx/forkhooks';
 *
 * using hook = addForkHook({
 *   key: 'trace',
 *   beforeFork: (event) => void (event.env['TRACE_ID'] = '17'),
 *   afterForkInParent: (event, { pid }) => console.log(event.kind, event.args, pid !== undefined),
 * });
 * console.log(execFileSync('printenv', ['TRACE_ID'], { encoding: 'utf8' })); // 17
 * ```
 * @see https://man7.org/linux/man-pages/man3/pthread_atfork.3.html
 */
export function addForkHook(hook: ForkHook): AddedForkHook {
  const registration = checkForkHook(hook);
  if (!register(registration)) {
    const message = `there is a hook with the key ${String(registration.key)}`;
    throw new SystemError({ code: 'ERR_OSX_DUPLICATE_KEY', syscall: 'addForkHook', message });
  }
  return new AddedForkHook(registration);
}
