import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SpawnWithDeathpactOptions } from '@osx/deathpacts';
import { eventually } from '@osx/test-support';

import { guardiansOf, killMarked, processesWith } from './survivors.ts';

const begetter = fileURLToPath(new URL('fixtures/begetter.ts', import.meta.url));
/** What ends at all ends in milliseconds; on a busy machine in seconds. */
const LONGEST_MS = 30_000;
/** How many programs a parent starts, one after the other. */
const PROGRAMS = 2;

/** What a parent starts, again and again, until it is killed. */
export interface Scenario {
  readonly options: SpawnWithDeathpactOptions;
  readonly program: readonly [string, ...string[]];
  readonly inWorker?: boolean;
  /** A fault for `strace -e inject=`, from the first start on. */
  readonly inject?: string;
  /** The parent is killed somewhere within so many milliseconds, counted from its beginning or from a program's start. */
  readonly withinMs: number;
  /** Survivors are expected, and not waited for. */
  readonly isMutant?: boolean;
}

/** What was left of a round. */
export interface RoundResult {
  readonly survivors: number;
  readonly guardians: number;
  /** How many programs were known to run when the parent was killed. */
  readonly started: number;
}

const THREE_DEEP = `trap '' TERM; sh -c 'trap "" TERM; sh -c "sleep 600 & (sleep 600 &) ; wait" & wait' & wait`;
const SLEEP = ['sleep', '600'] as const;

/** The ways to start a program that no parent's death must leave behind, and how it goes without. */
export const scenarios = {
  'the kernel alone': { options: {}, program: SLEEP, withinMs: 60 },
  'the guardian alone': { options: { pact: 'process' }, program: SLEEP, withinMs: 300 },
  'a program that ignores SIGTERM, with grace': {
    options: { graceMs: 20 },
    program: ['sh', '-c', `trap '' TERM; exec sleep 600`],
    withinMs: 300,
  },
  'a tree three deep that ignores SIGTERM': {
    options: { tree: true, signal: 'SIGTERM', graceMs: 20 },
    program: ['sh', '-c', THREE_DEEP],
    withinMs: 300,
  },
  'a tree by sh -c': { options: { tree: true, shell: true }, program: ['sleep 600 & sleep 600; true'], withinMs: 300 },
  'a Worker': { options: {}, program: SLEEP, inWorker: true, withinMs: 300 },
  'another user': { options: { uid: 65_534, gid: 65_534 }, program: SLEEP, withinMs: 300 },
} as const satisfies Record<string, Scenario>;

export const mutant: Scenario = { options: { pact: 'none' }, program: SLEEP, withinMs: 60, isMutant: true };

/** Starts a parent, lets it start programs, kills it at a random moment, and counts who survives; nobody, after the count. */
export async function playRound(scenario: Scenario): Promise<RoundResult> {
  const marker = `osx-round-${randomUUID()}`;
  const { options, program, inWorker = false, inject, withinMs, isMutant = false } = scenario;
  const parent = spawn(
    process.execPath,
    [begetter, JSON.stringify(options), String(PROGRAMS), inWorker ? 'worker' : 'main', ...program],
    { env: { ...process.env, OSX_ROUND: marker, NODE_OPTIONS: '' }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = once(parent, 'exit');
  let tracer: ChildProcess | undefined;
  let said = '';
  try {
    parent.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually(() => said.startsWith('ready'), { timeoutMs: LONGEST_MS });
    if (inject !== undefined) tracer = await attach(parent.pid as number, inject);
    parent.stdin.write('go\n');
    // While the first one is being launched, or the second one, or when all run.
    const count = Math.floor(Math.random() * (PROGRAMS + 1));
    await eventually(() => startedIn(said) >= count, { timeoutMs: LONGEST_MS });
    await sleep(Math.random() * withinMs);
    parent.kill('SIGKILL');
    await exited;
    const isOver = (): boolean => processesWith(marker).length + guardiansOf(parent.pid as number).length === 0;
    if (!isMutant) await eventually(isOver, { timeoutMs: LONGEST_MS }).catch(() => {});
    else await sleep(20);
    return {
      survivors: processesWith(marker).length,
      guardians: guardiansOf(parent.pid as number).length,
      started: startedIn(said),
    };
  } finally {
    parent.kill('SIGKILL');
    killMarked(marker);
    tracer?.kill('SIGTERM');
  }
}

function startedIn(said: string): number {
  return said.split('started').length - 1;
}

async function attach(pid: number, inject: string): Promise<ChildProcess> {
  const call = inject.split(':', 1)[0] as string;
  const args = ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${inject}`, '-p', String(pid)];
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  tracer.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await eventually(() => said.includes('attached'), { timeoutMs: LONGEST_MS });
  return tracer;
}
