import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { repositoryRoot } from './repository-root.mjs';

/**
 * Installs exactly what the lockfile says, quietly, and returns the environment in which `node` is the workspace's Node
 * 24, and its tools and pnpm are found. Takes about a second when everything is there.
 */
export async function installWorkspace() {
  const pnpm = findPnpm();
  const nodeDirectory = join(repositoryRoot, 'node_modules/node/bin');
  const env = {
    ...process.env,
    CI: process.env.CI ?? 'true',
    PATH: [nodeDirectory, join(repositoryRoot, 'node_modules/.bin'), dirname(pnpm), process.env.PATH].join(delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
  };
  if (!existsSync(nodeDirectory)) console.log('installing ...');
  run(pnpm, ['install', '--frozen-lockfile'], { ...env, CI: 'true' });
  const { stdout } = run('node', ['--version'], env);
  if (!stdout.startsWith('v24.')) throw new Error(`the installation did not bring Node 24: node is ${stdout}`);
  return env;
}

/** The pnpm of the `packageManager` field, fetched by npx on first use: its path. */
function findPnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
  const { stdout } = run('npx', ['--yes', '--package', packageManager, '--call', 'command -v pnpm'], process.env);
  return stdout.trim().split('\n').at(-1);
}

function run(command, args, env) {
  const result = spawnSync(command, args, {
    cwd: repositoryRoot,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error !== undefined) throw new Error(`${command} could not be run: ${result.error.message}`);
  if (result.status !== 0) {
    const end = result.signal ?? `exit ${result.status}`;
    throw new Error(`${[command, ...args].join(' ')}: ${end}\n${result.stdout}${result.stderr}`);
  }
  return result;
}
