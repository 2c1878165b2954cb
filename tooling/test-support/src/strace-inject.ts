import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureFile, FixtureOptions } from './internal/fixture-command.ts';
import { wasInjected } from './internal/was-injected.ts';
import { runFixture } from './run-fixture.ts';
import type { FixtureResult } from './run-fixture.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** How the program ended, whether a fault reached it, and the trace of the system calls that were watched. */
export interface StraceResult extends FixtureResult {
  readonly injected: boolean;
  readonly trace: string;
}

/**
 * Runs a program under strace with a fault in one of its system calls: `fsync:error=EIO:when=3`, `rename:signal=KILL:when=1`.
 *
 * Platform: Linux, `needs('strace')`.
 *
 * Gotcha: strace counts `when=` per thread, and Node's own start makes calls too. The thread pool gets one thread here,
 * so that a count means the same on every run; {@link forEveryInjection} leaves Node's start out.
 *
 * @param inject An expression for `strace -e inject=`; `undefined` only traces.
 * @param options As for {@link runFixture}; `trace` names what to record besides the injected calls (`fsync,rename`).
 */
export async function straceInject(
  file: FixtureFile,
  args: readonly string[],
  inject: string | undefined,
  options: FixtureOptions & { trace?: string; input?: string; timeoutMs?: number } = {},
): Promise<StraceResult> {
  using directory = temporaryDirectory('osx-strace');
  const traceFile = join(directory.path, 'trace');
  const calls = [inject?.split(':', 1)[0], options.trace].filter((part) => part !== undefined).join(',');
  const prefix = [
    'strace',
    '-f',
    '-qq',
    '-y',
    '-s',
    '256',
    '-o',
    traceFile,
    '-e',
    `trace=${calls === '' ? 'all' : calls}`,
  ];
  if (inject !== undefined) prefix.push('-e', `inject=${inject}`);
  const result = await runFixture(file, args, {
    ...options,
    env: { UV_THREADPOOL_SIZE: '1', ...options.env },
    prefix: [...prefix, ...(options.prefix ?? [])],
  });
  if (/^strace: /m.test(result.stderr)) throw new Error(`strace did not run the program\n${result.stderr}`);
  const trace = readFileSync(traceFile, 'utf8');
  return { ...result, trace, injected: inject !== undefined && wasInjected(inject, trace) };
}
