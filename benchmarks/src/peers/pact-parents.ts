import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

import { createDeathpactPipe, HeartbeatFile, spawnWithDeathpact } from '@osx/deathpacts';
import { execa } from 'execa';

/** Starts one child that is to end with this process. The program of a pact of our own arms it; the others run `sleep`. */
type Start = (program: string, scratch: string) => Started | Promise<Started>;
type Started = Pick<ChildProcess, 'pid' | 'stdout'>;

const sleep = ['sleep', ['300']] as const;
const ready = ['ignore', 'pipe', 'inherit'] as const;

function programWith(program: string, pact: string, options: object, extra: readonly number[] = []): ChildProcess {
  const args = [program, 'child', pact, JSON.stringify(options)];
  return spawn(process.execPath, args, { stdio: [...ready, ...extra] });
}

/** Ways to start a child, by name. */
export const pactParents: Readonly<Record<string, Start>> = {
  ParentDeathSignal: (program) => programWith(program, 'ParentDeathSignal', { parent: process.pid }),
  ProcessDeathpact: (program) => programWith(program, 'ProcessDeathpact', { pid: process.pid }),
  PipeDeathpact: (program) => programWith(program, 'PipeDeathpact', { fd: 3 }, [createDeathpactPipe().readEnd]),
  'HeartbeatFileDeathpact, 60 ms': (program, scratch) => {
    const path = `${scratch}/alive-${process.pid}`;
    void new HeartbeatFile({ path, intervalMs: 20 });
    return programWith(program, 'HeartbeatFileDeathpact', { path, ttlMs: 60 });
  },
  spawnWithDeathpact: () => spawnWithDeathpact(...sleep, { stdio: 'ignore' }),
  'spawnWithDeathpact, process': () => spawnWithDeathpact(...sleep, { stdio: 'ignore', pact: 'process' }),
  'spawnWithDeathpact, tree': () => spawnWithDeathpact(...sleep, { stdio: 'ignore', tree: true, signal: 'SIGKILL' }),
  'setpriv --pdeathsig': () => spawn('setpriv', ['--pdeathsig', 'KILL', 'sleep', '300'], { stdio: 'ignore' }),
  'execa, cleanup': () => {
    const child = execa('sleep', ['300'], { cleanup: true, stdio: 'ignore' });
    child.catch(() => {});
    // Without its `then`, which waits for the end.
    return { pid: child.pid, stdout: null };
  },
  'child_process.spawn': () => spawn('sleep', ['300'], { stdio: 'ignore' }),
};
