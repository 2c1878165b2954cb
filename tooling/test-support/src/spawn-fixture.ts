import { spawn } from 'node:child_process';
import type { StdioOptions } from 'node:child_process';
import { FixtureProcess } from './fixture-process.ts';
import { fixtureCommand } from './internal/fixture-command.ts';
import type { FixtureFile, FixtureOptions } from './internal/fixture-command.ts';

/**
 * Starts a child program and resolves once it has printed the line `ready`.
 *
 * Gotcha: hold it with `await using`, so that it is killed and waited for however the test ends.
 *
 * @param file Program for node, usually in `test/fixtures`.
 * @param options `stdio` as for child_process, with a pipe as standard output; `readyTimeoutMs` (default 20,000).
 * @throws Error with the child's standard error when it ends, or prints another line, before `ready`.
 */
export async function spawnFixture(
  file: FixtureFile,
  args: readonly string[] = [],
  options: FixtureOptions & { stdio?: StdioOptions; readyTimeoutMs?: number } = {},
): Promise<FixtureProcess> {
  const command = fixtureCommand(file, args, options);
  const stdio = options.stdio ?? ['pipe', 'pipe', 'pipe'];
  const child = spawn(command.command, command.args, { ...command.spawnOptions, stdio });
  if (child.stdout === null) {
    child.kill('SIGKILL');
    throw new TypeError('spawnFixture needs a pipe as standard output');
  }
  const fixture = new FixtureProcess(child, command.path, options.allowNodeWarnings);
  try {
    const line = await fixture.nextLine(
      options.readyTimeoutMs === undefined ? {} : { timeoutMs: options.readyTimeoutMs },
    );
    if (line !== 'ready') throw new Error(`${command.path} printed ${JSON.stringify(line)} instead of "ready"`);
    return fixture;
  } catch (error) {
    await fixture[Symbol.asyncDispose]();
    throw error;
  }
}
