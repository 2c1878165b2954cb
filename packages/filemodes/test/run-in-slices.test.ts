import type { Dir, Dirent } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { runInSlices } from '../src/internal/run-in-slices.ts';
import { make, type Walk } from '../src/internal/tree-calls.ts';

/** A directory without end, which takes a time to be read on this thread: asleep, as for a disk, or busy. */
class SlowDirectory {
  readonly calls: ('here' | 'pool')[] = [];
  readonly turns: number[] = [];
  readonly #milliseconds: () => number;
  readonly #take: (milliseconds: number) => void;

  constructor(take: (milliseconds: number) => void, milliseconds: () => number) {
    this.#take = take;
    this.#milliseconds = milliseconds;
  }

  readSync(): Dirent | null {
    this.calls.push('here');
    this.turns.push(turn);
    this.#take(this.#milliseconds());
    return null;
  }

  read(callback: (error: Error | null, entry: Dirent | null) => void): void {
    this.calls.push('pool');
    setImmediate(callback, null, null);
  }

  *walk(times: number): Walk<number> {
    for (let count = 0; count < times; count += 1) yield* make('names', this as unknown as Dir);
    return times;
  }
}

function sleep(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function keepBusy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Counts the turns of the event loop while it runs. */
let turn = 0;
async function countingTurns<T>(work: Promise<T>): Promise<T> {
  let isRunning = true;
  const count = (): void => {
    turn += 1;
    if (isRunning) setImmediate(count);
  };
  setImmediate(count);
  try {
    return await work;
  } finally {
    isRunning = false;
  }
}

describe('runInSlices', () => {
  test('fast calls are made here, a few milliseconds of them in a turn', async () => {
    const directory = new SlowDirectory(keepBusy, () => 0.05);
    expect(await countingTurns(runInSlices(directory.walk(1_000)))).toBe(1_000);
    expect(directory.calls.filter((call) => call === 'here').length).toBeGreaterThan(500);
    expect(new Set(directory.turns).size).toBeGreaterThanOrEqual(5);
  });

  test('slow calls go to the pool, tried here again more and more rarely', async () => {
    const directory = new SlowDirectory(sleep, () => 5);
    await runInSlices(directory.walk(1_000));
    const here = directory.calls.flatMap((call, index) => (call === 'here' ? [index] : []));
    expect(here).toEqual([0, 1, 66, 195, 452, 965]);
  });

  test('once they are fast again, they are made here', async () => {
    let calls = 0;
    const directory = new SlowDirectory(sleep, () => (++calls <= 2 ? 10 : 0));
    await runInSlices(directory.walk(1_000));
    expect(directory.calls.slice(0, 66)).toEqual(['here', 'here', ...Array<string>(64).fill('pool')]);
    expect(directory.calls.filter((call) => call === 'here').length).toBeGreaterThan(500);
  });

  test('many walks share the turns: one slice in each', async () => {
    const directories = Array.from({ length: 10 }, () => new SlowDirectory(keepBusy, () => 0.2));
    await countingTurns(Promise.all(directories.map((directory) => runInSlices(directory.walk(60)))));
    for (const [index, directory] of directories.entries()) {
      const others = new Set(directories.toSpliced(index, 1).flatMap(({ turns }) => turns));
      expect(directory.turns.filter((one) => others.has(one))).toEqual([]);
    }
  });

  test('what a call throws arrives in the walk, from here and from the pool; what the walk throws is the rejection', async () => {
    const failure = new Error('failed');
    let isSlow = true;
    const directory = {
      readSync() {
        sleep(isSlow ? 5 : 0);
        throw failure;
      },
      read(callback: (error: Error) => void) {
        callback(failure);
      },
    } as unknown as Dir;
    const caught: unknown[] = [];
    function* walk(): Walk<void> {
      for (let count = 0; count < 100; count += 1) {
        try {
          yield* make('names', directory);
        } catch (error) {
          caught.push(error);
        }
      }
      isSlow = false;
      yield* make('names', directory);
    }
    await expect(runInSlices(walk())).rejects.toBe(failure);
    expect(caught).toEqual(Array.from({ length: 100 }, () => failure));
  });
});
