import { closeSync, openSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { eventually, expectNoNewFds, openFds } from '@osx/test-support';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { DescriptorWatch } from '../src/internal/descriptor-watch.ts';
import { koffiPoll } from '../src/internal/koffi-poll.ts';
import type { Readiness } from '../src/internal/readiness-queue.ts';
import { streamHandlePoll } from '../src/internal/stream-handle-poll.ts';
import { Pipe } from './fixtures/pipe.ts';

const READABLE = { readable: true, writable: false };
const WRITABLE = { readable: false, writable: true };
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
};

describe.each([
  ['koffiPoll', koffiPoll],
  ['streamHandlePoll', streamHandlePoll],
])('%s', (_, makePoll) => {
  let before: Map<number, string>;
  let pipe: Pipe;
  let seen: Readiness[];
  let poll: DescriptorWatch;
  const watch = (fd: number, onReady: (ready: Readiness) => void): DescriptorWatch =>
    new DescriptorWatch(fd, onReady, makePoll);

  beforeEach(async () => {
    const first = new Pipe();
    watch(first.readEnd, () => {}).close(); // loads what is loaded once
    first[Symbol.dispose]();
    await turns();
    before = openFds();
    pipe = new Pipe();
    seen = [];
  });
  afterEach(async () => {
    poll.close();
    pipe[Symbol.dispose]();
    await turns();
    expectNoNewFds(before);
  });

  test('is silent until it is started, then calls back until the state is consumed', async () => {
    poll = watch(pipe.readEnd, (ready) => seen.push(ready));
    pipe.write();
    await turns();
    expect(seen).toEqual([]);
    poll.update(READABLE);
    await eventually(() => seen.length >= 3);
    expect(seen[0]).toMatchObject(READABLE);
    pipe.read();
    await turns();
    const count = seen.length;
    await turns();
    expect(seen.length).toBe(count);
  });

  test('stops and starts again', async () => {
    pipe.write();
    poll = watch(pipe.readEnd, (ready) => {
      seen.push(ready);
      poll.update({ readable: false, writable: false });
    });
    poll.update(READABLE);
    await turns();
    expect(seen.length).toBe(1);
    poll.update(READABLE);
    await eventually(() => seen.length === 2);
  });

  test('sees room for writing, and the error when the reader is gone', async () => {
    poll = watch(pipe.writeEnd, (ready) => seen.push(ready));
    poll.update(WRITABLE);
    await eventually(() => seen.length > 0);
    expect(seen[0]).toMatchObject(WRITABLE);
    poll.update({ readable: false, writable: false });
    while (pipe.write(new Uint8Array(65_536)) > 0);
    seen.length = 0;
    poll.update(WRITABLE);
    await turns();
    expect(seen).toEqual([]);
    pipe.close(pipe.readEnd);
    await eventually(() => seen.length >= 3);
    expect(seen[0]).toMatchObject(WRITABLE);
  });

  test('reports both directions of a descriptor that has both', async () => {
    const terminal = openSync('/dev/ptmx', 'r+');
    poll = watch(terminal, (ready) => seen.push(ready));
    poll.update({ readable: true, writable: true });
    await eventually(() => seen.length > 0);
    expect(seen[0]).toMatchObject({ writable: true });
    closeSync(terminal);
  });

  test('does not touch the mode, which others may share', async () => {
    const blocking = openSync(`/proc/self/fd/${pipe.readEnd}`, 'r'); // a description of its own, without O_NONBLOCK
    const mode = (): string => readFileSync(`/proc/self/fdinfo/${blocking}`, 'utf8').replace(/^pos.*/m, '');
    const modeBefore = mode();
    poll = watch(blocking, (ready) => seen.push(ready));
    poll.update(READABLE);
    pipe.write();
    await eventually(() => seen.length > 0);
    expect(mode()).toBe(modeBefore);
    closeSync(blocking);
  });

  test('is quiet after close, also from within its own callback', async () => {
    pipe.write();
    let calls = 0;
    const own = watch(pipe.readEnd, () => {
      calls++;
      own.close();
    });
    own.update(READABLE);
    poll = watch(pipe.writeEnd, () => {});
    await eventually(() => calls > 0);
    await turns();
    expect(calls).toBe(1);
  });

  test('a start from within the callback counts', async () => {
    pipe.write();
    poll = watch(pipe.readEnd, (ready) => {
      seen.push(ready);
      if (seen.length === 1) poll.update(WRITABLE); // a read end is never writable
    });
    poll.update(READABLE);
    await eventually(() => seen.length > 0);
    await turns();
    expect(seen.length).toBe(1);
  });
});
