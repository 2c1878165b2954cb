import type { ChildProcess, SpawnOptions } from 'node:child_process';

import { launch } from './internal/launch/launch.ts';
import { checkLaunch } from './internal/launch/launch-request.ts';

/** Options of {@link spawnWithDeathpact}: those of child_process, and how the program ends when its parent has. */
export interface SpawnWithDeathpactOptions extends Omit<SpawnOptions, 'signal'> {
  /**
   * Who sees to it. `'parent-death-signal'`: the kernel alone, which covers neither Workers nor trees. `'process'`: the guardian, a
   * process that watches this one by pidfd. `'best'`, the default: the kernel, and the guardian where the kernel does not do.
   * `'none'`: nobody, as child_process has it.
   */
  readonly pact?: 'best' | 'parent-death-signal' | 'process' | 'none' | undefined;
  /**
   * What the program gets when this process is dead: the name or number of a signal that ends a process by default. Default
   * SIGKILL; SIGTERM with `graceMs`. An AbortSignal is taken for `abortSignal`, as child_process has it under this name.
   */
  readonly signal?: string | number | AbortSignal | undefined;
  /** Ends the program now: child_process's `signal`. */
  readonly abortSignal?: AbortSignal | undefined;
  /** How long after `signal`, in milliseconds, what still lives gets SIGKILL; 0 to 2,147,483,647. Default: never; 5,000 with `tree`. */
  readonly graceMs?: number | undefined;
  /** Whether everything that the program started, and what that started, ends as well. Default false. */
  readonly tree?: boolean | undefined;
  /**
   * With `tree`: the path of a cgroup (version 2) that you own, as `openCgroup` of `@osx/linux/cgroups` takes it. The program is moved
   * there before it begins, and whatever is in there ends with the tree (`cgroup.kill`). It stays yours to remove.
   */
  readonly cgroup?: string | undefined;
}

/**
 * Starts a program that does not outlive this process, whatever ends this process: SIGKILL, the OOM killer, a crash, an exit.
 *
 * Any program: it need not know of it. `child.pid` is the program's own pid, exit code and signal are its own, nothing runs in
 * between: a launcher arms the kernel's parent-death signal, makes sure that this process still lives, and becomes the
 * program. Whole trees, grace, Workers and set-id programs are the business of a guardian, one process for all children of
 * this thread, which watches this process by pidfd, knows every child before its program begins, and ends when there is nothing left to guard.
 *
 * **Platform** Linux 5.3, with /proc. Elsewhere only `pact: 'none'`.
 *
 * **Gotchas**
 * - A clean exit of this process counts too: for a child that shall stay, use child_process.
 * - The program may get away from the kernel's signal, by changing its user, by executing a set-id program, or by asking
 *   (`prctl`). With `pact: 'process'` or `tree` the guardian finds it all the same.
 * - A descendant gets out of a tree when it has another environment **and** the process between it and the tree is gone; it does
 *   not get out of a `cgroup`.
 * - A signal other than SIGKILL comes once from the guardian, and may come more than once from the kernel alone.
 *
 * @param command As for child_process: looked for along the PATH of `options.env`.
 * @param args Each word as it is.
 * @param options See {@link SpawnWithDeathpactOptions}; `shell`, `uid`, `gid`, `detached`, `stdio` with `'ipc'`, `timeout`,
 *   `killSignal`, `argv0`, `cwd`, `env` do as they do in child_process.
 * @returns The child, as child_process makes it, once its program runs; no event is lost. It rejects where child_process
 *   emits `'error'`.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws what child_process says of a program that cannot be run: ENOENT, EACCES, with `path` and `spawnargs`.
 * @throws {SystemError} ESRCH: the program was killed before it began. ECHILD: the guardian could not be started. EMFILE.
 * @throws {UnsupportedError} elsewhere, and without the package @osx/linux; `'parent-death-signal'` in a Worker.
 * @example
 * ```ts
 * import { once } from 'node:events';
 * import { spawnWithDeathpact } from '@osx/deathpacts';
 *
 * const child = await spawnWithDeathpact('sh', ['-c', 'exit 3']);
 * const [code] = await once(child, 'exit');
 * console.log(code); // 3
 * ```
 * @see https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
 */
export async function spawnWithDeathpact(
  command: string,
  args?: readonly string[] | SpawnWithDeathpactOptions,
  options?: SpawnWithDeathpactOptions,
): Promise<ChildProcess> {
  return await launch(checkLaunch(command, args, options));
}
