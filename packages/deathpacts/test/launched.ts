import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import { spawnWithDeathpact } from '@osx/deathpacts';
import type { SpawnWithDeathpactOptions } from '@osx/deathpacts';

/** Its text, not its name: another user may not be let into the directory that it is in. */
const tell = ['-c', readFileSync(new URL('fixtures/tell.py', import.meta.url), 'utf8')];

/** What a program sees of its start. */
export interface Told {
  readonly argv: readonly string[];
  readonly environ: readonly string[];
  readonly cwd: string;
  readonly fds: Readonly<Record<string, string>>;
  readonly signals: Readonly<Record<string, string>>;
  readonly ids: Readonly<Record<string, string>>;
  readonly nofile: string;
  readonly isLeader: boolean;
  readonly ppid: number;
  readonly pid: number;
  readonly deathSignal: number;
}

/** The ways to be started, by the options that lead to them. */
export const ways = {
  'the kernel': {},
  'the guardian': { tree: true },
} as const satisfies Record<string, SpawnWithDeathpactOptions>;

/** What a program that was started under a pact says, and its child object. */
export async function told(options: SpawnWithDeathpactOptions, args: readonly string[] = []) {
  const child = await spawnWithDeathpact('python3', [...tell, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
  return { child, told: await answer(child) };
}

/** The same by child_process. */
export async function toldBare(options: object, args: readonly string[] = []): Promise<Told> {
  return await answer(spawn('python3', [...tell, ...args], { stdio: ['ignore', 'pipe', 'inherit'], ...options }));
}

/** How a child ends. */
export async function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  // Not by once(), which an error would end.
  return await new Promise((resolve) => void child.once('exit', (code, signal) => resolve({ code, signal })));
}

async function answer(child: ChildProcess): Promise<Told> {
  const [said, [code]] = await Promise.all([text(child.stdout as NodeJS.ReadableStream), once(child, 'close')]);
  if (code !== 0) throw new Error(`it ended with ${String(code)}`);
  return JSON.parse(said) as Told;
}
