import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { describeFailure, runCommand } from './run-command.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** Where installations are kept between runs, outside every checkout. */
function installCacheDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'osx-repo-checks');
}

/**
 * An installation that is made once per key. It is made beside its place and renamed into it, so that a run that was
 * killed, or one that works at the same time, leaves nothing half done.
 *
 * @returns The directory, or `problem` with what went wrong.
 */
export async function cachedInstall(
  kind: string,
  key: string,
  prepare: (directory: string) => void,
  npmArguments: readonly string[],
): Promise<{ directory: string } | { problem: string }> {
  const cache = installCacheDirectory();
  const directory = join(cache, `${kind}-${key}`);
  if (existsSync(directory)) return { directory };
  removeOld(cache, kind);
  const making = `${directory}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  prepare(making);
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-progress', ...npmArguments];
  const result = await runCommand('npm', args, { cwd: making, env: plainEnvironment() });
  if (result.code !== 0) {
    rmSync(making, { recursive: true, force: true });
    return { problem: describeFailure(`npm ${args.join(' ')} (${kind})`, result) };
  }
  try {
    renameSync(making, directory);
  } catch (error) {
    // Another run was faster; its installation is as good.
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
  return { directory };
}

/** The environment of a user's shell: nothing of the package manager that runs these checks. */
export function plainEnvironment(): Record<string, undefined> {
  const ours = Object.keys(process.env).filter((name) =>
    /^(npm_(?!config_registry)|pnpm_|PNPM_|INIT_CWD|NODE_OPTIONS|NODE_PATH)/.test(name),
  );
  return Object.fromEntries(ours.map((name) => [name, undefined]));
}

function removeOld(cache: string, kind: string): void {
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (name.startsWith(`${kind}-`) && Date.now() - statSync(path).mtimeMs > WEEK_MS) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}
