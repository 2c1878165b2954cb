import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureFile, FixtureOptions } from './internal/fixture-command.ts';
import { runAttached } from './internal/run-attached.ts';
import { wasInjected } from './internal/was-injected.ts';
import { runFixture } from './run-fixture.ts';
import type { FixtureResult } from './run-fixture.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** How the program ended, whether a fault reached it, and the trace of the system calls that were watched. */
export interface StraceResult extends FixtureResult {
  readonly injected: boolean;
  readonly trace: string;
}

/** How a program is run under strace. */
export interface StraceOptions extends FixtureOptions {
  /** What to record besides the injected calls: `fsync,rename`, `all`. */
  readonly trace?: string;
  /**
   * Attaches strace only when the program has printed `ready`, then sends it the line `go`: neither the trace nor the
   * count of `when=` sees Node's own start. The lines it prints after that are `stdout`.
   */
  readonly whenReady?: boolean;
  readonly input?: string;
  readonly timeoutMs?: number;
}

/**
 * Runs a program under strace with a fault in one of its system calls: `fsync:error=EIO:when=3`, `rename:signal=KILL:when=1`.
 *
 * Platform: Linux, `needs('strace')`.
 *
 * Gotcha: strace counts `when=` per thread and per system call. The thread pool gets one thread here, so that a count
 * means the same on every run. A call that is ended by SIGKILL has not happened.
 *
 * @param inject An expression for `strace -e inject=`; `undefined` only traces.
 */
export async function straceInject(
  file: FixtureFile,
  args: readonly string[],
  inject: string | undefined,
  options: StraceOptions = {},
): Promise<StraceResult> {
  using directory = temporaryDirectory('osx-strace');
  const traceFile = join(directory.path, 'trace');
  const calls = [inject?.split(':', 1)[0], options.trace].filter((part) => part !== undefined).join(',');
  const strace = ['strace', '-f', '-y', '-s', '256', '-o', traceFile, '-e', `trace=${calls === '' ? 'all' : calls}`];
  if (inject !== undefined) strace.push('-e', `inject=${inject}`);
  const env = { UV_THREADPOOL_SIZE: '1', ...options.env };
  const result =
    options.whenReady === true
      ? await runAttached(file, args, strace, { ...options, env })
      : await runFixture(file, args, { ...options, env, prefix: [...strace, '-qq', ...(options.prefix ?? [])] });
  if (/^strace: /m.test(result.stderr)) throw new Error(`strace did not run the program\n${result.stderr}`);
  const trace = readFileSync(traceFile, 'utf8');
  return { ...result, trace, injected: inject !== undefined && wasInjected(inject, trace) };
}
