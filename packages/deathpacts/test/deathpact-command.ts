import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';

export const deathpactCommand = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

/** How the command ended, and what it said. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs deathpact(1) to its end. */
export async function runDeathpact(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<CommandResult> {
  const child = spawn(process.execPath, [deathpactCommand, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(env !== undefined && { env }),
  });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr };
}
