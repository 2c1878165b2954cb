import { join } from 'node:path';

import { needs, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { killParentOf } from './family.ts';
import type { KidEnd, KidSpec } from './family.ts';

const { test } = needs('linux');

const directory = temporaryDirectory('pacts');
const path = join(directory.path, 'alive');

const kids = {
  signalled: { pact: 'ParentDeathSignal', options: {} },
  signalledThoughBlocked: { pact: 'ParentDeathSignal', options: { signal: 'SIGKILL' }, block: true },
  signalledByTermThoughBlocked: { pact: 'ParentDeathSignal', options: {}, block: true },
  signalledAtArming: { pact: 'ParentDeathSignal', options: { signal: 'SIGUSR2' }, late: 0 },
  signalledWithLastWords: {
    pact: 'ParentDeathSignal',
    options: { output: 'stderr', signal: 'SIGINT' },
    onDie: 'async',
  },
  signalledAndDeaf: { pact: 'ParentDeathSignal', options: { graceMs: 200 }, listen: ['SIGTERM'] },
  process: { pact: 'ProcessDeathpact', options: {} },
  processBehindShell: { pact: 'ProcessDeathpact', options: { signal: 'SIGKILL' }, throughShell: true },
  processInWorker: { pact: 'ProcessDeathpact', options: {}, inWorker: true, block: true },
  processAtArming: { pact: 'ProcessDeathpact', options: {}, late: 0 },
  processEscalated: { pact: 'ProcessDeathpact', options: { graceMs: 100, escalation: 'SIGUSR2' }, listen: ['SIGTERM'] },
  pipe: { pact: 'PipeDeathpact', options: {} },
  pipeBehindShell: { pact: 'PipeDeathpact', options: { signal: 'SIGHUP' }, throughShell: true },
  pipeInWorker: { pact: 'PipeDeathpact', options: {}, inWorker: true, block: true },
  pipeAtArming: { pact: 'PipeDeathpact', options: {}, late: 0 },
  pipeWithoutGrace: { pact: 'PipeDeathpact', options: { graceMs: 0 }, listen: ['SIGTERM'] },
  hangingLastWords: { pact: 'PipeDeathpact', options: { graceMs: 200 }, onDie: 'hang' },
  blockingLastWords: { pact: 'PipeDeathpact', options: { graceMs: 200 }, onDie: 'block' },
  failingLastWords: { pact: 'PipeDeathpact', options: {}, onDie: 'throw' },
  heartbeat: { pact: 'HeartbeatFileDeathpact', options: { path, ttlMs: 2_000 } },
  heartbeatInWorker: { pact: 'HeartbeatFileDeathpact', options: { path, ttlMs: 2_000 }, inWorker: true, block: true },
  heartbeatAtArming: { pact: 'HeartbeatFileDeathpact', options: { path, ttlMs: 1_000 }, late: 1_500 },
  blockedProcess: { pact: 'ProcessDeathpact', options: {}, block: true, survives: true },
  blockedPipe: { pact: 'PipeDeathpact', options: {}, block: true, survives: true },
  blockedHeartbeat: { pact: 'HeartbeatFileDeathpact', options: { path, ttlMs: 2_000 }, block: true, survives: true },
  closedSignal: { pact: 'ParentDeathSignal', options: {}, closed: true, survives: true },
  closedProcess: { pact: 'ProcessDeathpact', options: {}, closed: true, survives: true },
  closedPipe: { pact: 'PipeDeathpact', options: {}, closed: true, survives: true },
  closedHeartbeat: { pact: 'HeartbeatFileDeathpact', options: { path, ttlMs: 500 }, closed: true, survives: true },
} as const satisfies Record<string, KidSpec>;

let ends: Readonly<Record<keyof typeof kids, KidEnd>>;
let stderr: string;

beforeAll(async () => {
  const family = await killParentOf(Object.values(kids));
  ends = Object.fromEntries(Object.keys(kids).map((name, index) => [name, family.ends[index]])) as typeof ends;
  ({ stderr } = family);
}, 240_000);
afterAll(() => directory[Symbol.dispose]());

describe('the parent is killed by SIGKILL', () => {
  test.each([
    ['ParentDeathSignal', 'signalled'],
    ['ProcessDeathpact', 'process'],
    ['PipeDeathpact', 'pipe'],
    ['HeartbeatFileDeathpact', 'heartbeat'],
  ] as const)('%s: the child ends, by SIGTERM', (_, kid) => {
    expect(ends[kid]).toMatchObject({ code: null, signal: 'SIGTERM', said: [] });
  });

  test('a shell in between: pacts with the process that is meant hold', () => {
    expect(ends.processBehindShell.wasAlive).toBe(false);
    expect(ends.pipeBehindShell.wasAlive).toBe(false);
  });

  test.each([
    ['signalledAtArming', 'SIGUSR2'],
    ['processAtArming', 'SIGTERM'],
    ['pipeAtArming', 'SIGTERM'],
    ['heartbeatAtArming', 'SIGTERM'],
  ] as const)('dead before the pact is made (%s): it dies in the constructor', (kid, signal) => {
    expect(ends[kid]).toMatchObject({ code: null, signal });
  });
});

describe('a blocked event loop', () => {
  test('does not hold up the signal of the kernel', () => {
    expect(ends.signalledThoughBlocked).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(ends.signalledByTermThoughBlocked).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  test('holds up every other pact: they live on', () => {
    for (const kid of ['blockedProcess', 'blockedPipe', 'blockedHeartbeat'] as const) {
      expect([kid, ends[kid].wasAlive]).toEqual([kid, true]);
    }
  });

  test('of the main thread does not hold up a pact in a Worker, which ends the whole process', () => {
    for (const kid of ['processInWorker', 'pipeInWorker', 'heartbeatInWorker'] as const) {
      expect([kid, ends[kid]]).toMatchObject([kid, { code: null, signal: 'SIGTERM' }]);
    }
  });
});

describe('dying', () => {
  test('last words are waited for, and then the signal is the one that was wished', () => {
    expect(ends.signalledWithLastWords).toMatchObject({ signal: 'SIGINT', said: ['last words', 'said'] });
    expect(stderr).toMatch(/^deathpact: process \d+ ends by SIGINT: its parent, process \d+, has ended$/m);
  });

  test('last words that fail are told, and nothing is held up', () => {
    expect(ends.failingLastWords).toMatchObject({ signal: 'SIGTERM', said: ['last words'] });
    expect(stderr).toMatch(/^deathpact: while dying: Error: on purpose$/m);
  });

  test('last words that never end are cut short, in an endless loop too', () => {
    expect(ends.hangingLastWords).toMatchObject({ signal: 'SIGKILL', said: ['last words'] });
    expect(ends.blockingLastWords).toMatchObject({ signal: 'SIGKILL', said: ['last words'] });
  });

  test('a program that listens for the signal hears it, and has the grace and no longer', () => {
    // The kernel sends it when a thread of the parent ends that was the child's parent, one after the other.
    expect(ends.signalledAndDeaf.signal).toBe('SIGKILL');
    expect(new Set(ends.signalledAndDeaf.said)).toEqual(new Set(['heard SIGTERM']));
    expect(ends.processEscalated).toMatchObject({ signal: 'SIGUSR2', said: ['heard SIGTERM'] });
  });

  test('without grace nobody hears anything', () => {
    expect(ends.pipeWithoutGrace).toMatchObject({ signal: 'SIGTERM', said: [] });
  });
});

test('a closed pact lets live', () => {
  for (const kid of ['closedSignal', 'closedProcess', 'closedPipe', 'closedHeartbeat'] as const) {
    expect([kid, ends[kid].wasAlive]).toEqual([kid, true]);
  }
});
