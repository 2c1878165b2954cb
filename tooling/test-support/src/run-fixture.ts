import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fixtureCommand } from './internal/fixture-command.ts';
import type { FixtureFile, FixtureOptions } from './internal/fixture-command.ts';
import { undoAtExit } from './internal/at-exit.ts';
import { killTree } from './internal/kill-tree.ts';
import { reportChildWarnings } from './internal/report-child-warnings.ts';

/** How a program ended and what it printed. */
export interface FixtureResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a child program to its end and returns how it ended; an exit code other than 0 is a result, not an error.
 *
 * @param file Program for node, usually in `test/fixtures`.
 * @param options `input` is written to its standard input, which is then closed; after `timeoutMs` (default 60,000) the
 * program is killed.
 * @throws Error when it could not be started or had to be killed, with everything it printed.
 */
export async function runFixture(
  file: FixtureFile,
  args: readonly string[] = [],
  options: FixtureOptions & { input?: string; timeoutMs?: number } = {},
): Promise<FixtureResult> {
  const { timeoutMs = 60_000 } = options;
  const command = fixtureCommand(file, args, options);
  const child = spawn(command.command, command.args, { ...command.spawnOptions, stdio: ['pipe', 'pipe', 'pipe'] });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // A program that ends without reading its input is not at fault.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const kill = (): void => killTree(child);
  const keep = undoAtExit(kill);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', (cause) => reject(new Error(`${command.command} could not be started`, { cause })));
      child.once('close', (...end) => resolve(end));
    });
    const result = { code, signal, stdout: stdout(), stderr: stderr() };
    if (late) {
      const printed = `stdout:\n${result.stdout}\nstderr:\n${result.stderr}`;
      throw new Error(`${command.path} ran for more than ${timeoutMs} ms and was killed\n${printed}`);
    }
    if (options.allowNodeWarnings !== true) reportChildWarnings(command.path, result.stderr);
    return result;
  } finally {
    clearTimeout(timer);
    keep();
  }
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
