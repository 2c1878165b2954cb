import { spawnSync } from 'node:child_process';

/**
 * Runs a command of the machine (mount, mkfs, losetup, gcc ...) to its end and returns its standard output.
 *
 * @throws Error with the command, its exit status and everything it printed when it fails or cannot be started.
 */
export function runTool(
  command: string,
  args: readonly string[],
  options: { input?: string; cwd?: string } = {},
): string {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    input: options.input ?? '',
    cwd: options.cwd,
    timeout: 120_000,
    env: { ...process.env, LC_ALL: 'C', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
  if (result.error !== undefined) throw new Error(`${command} could not be run`, { cause: result.error });
  if (result.status !== 0) {
    const end = result.signal ?? `exit ${result.status}`;
    throw new Error(`${[command, ...args].join(' ')}: ${end}\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}
