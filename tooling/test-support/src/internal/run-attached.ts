import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { FixtureResult } from '../run-fixture.ts';
import { spawnFixture } from '../spawn-fixture.ts';
import { undoAtExit } from './at-exit.ts';
import type { FixtureFile, FixtureOptions } from './fixture-command.ts';

/**
 * Starts a program, attaches a tracer to it once it is ready, says `go`, and waits for the end of both.
 *
 * @param tracer The tracer's words without `-p`.
 */
export async function runAttached(
  file: FixtureFile,
  args: readonly string[],
  tracer: readonly string[],
  options: FixtureOptions & { timeoutMs?: number },
): Promise<FixtureResult> {
  const { timeoutMs = 60_000 } = options;
  await using program = await spawnFixture(file, args, options);
  const [command, ...words] = tracer as [string, ...string[]];
  const child = spawn(command, [...words, '-p', String(program.pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const forget = undoAtExit(() => child.kill('SIGKILL'));
  const ended = new Promise<void>(
    (resolve) => void child.once('close', () => resolve()).once('error', () => resolve()),
  );
  try {
    await untilAttached(child);
    program.send('go');
    const late = delay(timeoutMs, 'late' as const, { ref: false });
    const end = await Promise.race([program.exited, late]);
    if (end === 'late') throw new Error(`${program.path} ran for more than ${timeoutMs} ms\n${program.stderr}`);
    await ended;
    const lines = program.takeLines().map((line) => `${line}\n`);
    return { ...end, stdout: lines.join(''), stderr: program.stderr };
  } finally {
    child.kill('SIGKILL');
    await ended;
    forget();
  }
}

/** strace says so on standard error once every thread is traced. */
function untilAttached(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('attached')) resolve();
    });
    child.once('error', (cause) => reject(new Error('strace could not be started', { cause })));
    child.once('close', () => reject(new Error(`strace ended before it was attached\n${text}`)));
  });
}
