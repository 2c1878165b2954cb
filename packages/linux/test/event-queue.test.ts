import { describe, expect, test, vi } from 'vitest';

import { IN_CREATE } from '../src/inotify/constants.ts';
import { InotifyEvent } from '../src/inotify/inotify-event.ts';
import { InotifyWatch } from '../src/inotify/inotify-watch.ts';
import { EventIterator } from '../src/internal/event-iterator.ts';
import { EventQueue, MIN_READ_EVENTS } from '../src/internal/event-queue.ts';

const watch = new InotifyWatch({ removeWatch: () => false }, 1);

function event(cookie: number, source: InotifyWatch = watch): InotifyEvent {
  return new InotifyEvent({ wd: source.wd, mask: IN_CREATE, cookie, nameBytes: undefined }, source);
}

function queueOf(count: number, capacity = 64, onRoom = (): void => {}): EventQueue<InotifyEvent> {
  const queue = new EventQueue<InotifyEvent>(capacity, onRoom, (waiting) => waiting.watch?.isRemoved === true);
  for (let cookie = 0; cookie < count; cookie += 1) queue.push(event(cookie));
  return queue;
}

describe('EventQueue', () => {
  test('hands out in order, whatever the mix of pushes and shifts', () => {
    const queue = new EventQueue<InotifyEvent>(1 << 20, () => {});
    let pushed = 0;
    let shifted = 0;
    for (let round = 0; round < 2000; round += 1) {
      for (let count = 0; count < (round * 7) % 13; count += 1) queue.push(event(pushed++));
      for (let count = 0; count < (round * 5) % 11; count += 1) {
        const next = queue.shift();
        if (next !== undefined) expect(next.cookie).toBe(shifted++);
      }
      expect(queue.length).toBe(pushed - shifted);
    }
    expect(shifted).toBeGreaterThan(5000);
  });

  test('has no room for a read that might not fit, and calls back when half of it is free', () => {
    const onRoom = vi.fn<() => void>();
    const queue = queueOf(64 - MIN_READ_EVENTS, 64, onRoom);
    expect(queue.freeSlots()).toBe(MIN_READ_EVENTS);
    queue.push(event(0));
    expect(queue.freeSlots()).toBe(0);
    while (queue.length > 33) queue.shift();
    expect(onRoom).not.toHaveBeenCalled();
    queue.shift();
    expect(onRoom).toHaveBeenCalledOnce();
    while (queue.length > 0) queue.shift();
    expect(onRoom).toHaveBeenCalledOnce();
  });

  test('leaves out events of a watch that was removed after they were read', () => {
    const removed = new InotifyWatch({ removeWatch: () => true }, 2);
    const queue = queueOf(0);
    for (const source of [removed, watch, removed, removed, watch]) queue.push(event(0, source));
    removed.recordRemoval();
    expect([queue.shift()?.wd, queue.shift()?.wd, queue.shift()]).toEqual([1, 1, undefined]);
  });
});

describe('EventIterator', () => {
  test('gives waiting and coming events to the calls of next() in order', async () => {
    const queue = queueOf(1);
    const iterator = new EventIterator(queue, undefined);
    const taken = [iterator.next(), iterator.next(), iterator.next()];
    queue.push(event(1));
    queue.push(event(2));
    expect((await Promise.all(taken)).map((result) => result.value?.cookie)).toEqual([0, 1, 2]);
  });

  test('return() ends a pending next() and leaves later events to others', async () => {
    const queue = queueOf(0);
    const left = new EventIterator(queue, undefined);
    const pending = left.next();
    await left.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    queue.push(event(5));
    expect((await new EventIterator(queue, undefined).next()).value?.cookie).toBe(5);
    expect(await left.next()).toEqual({ done: true, value: undefined });
  });

  test('two iterators share the events', async () => {
    const queue = queueOf(2);
    const first = new EventIterator(queue, undefined);
    const second = new EventIterator(queue, undefined);
    expect((await first.next()).value?.cookie).toBe(0);
    expect((await second.next()).value?.cookie).toBe(1);
  });

  test('ends with the queue, pending or not', async () => {
    const queue = queueOf(0);
    const iterator = new EventIterator(queue, undefined);
    const pending = iterator.next();
    queue.end();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('an error of the queue is given once, then the end', async () => {
    const queue = queueOf(0);
    const waiting = new EventIterator(queue, undefined);
    const pending = [waiting.next(), waiting.next()];
    queue.end(new Error('read failed'));
    await expect(pending[0]).rejects.toThrow('read failed');
    expect(await pending[1]).toEqual({ done: true, value: undefined });

    const later = queueOf(0);
    later.end(new Error('read failed'));
    const iterator = new EventIterator(later, undefined);
    await expect(iterator.next()).rejects.toThrow('read failed');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('an aborted signal rejects with its reason, before, between and during', async () => {
    const reason = new Error('enough');
    const before = new EventIterator(queueOf(1), AbortSignal.abort(reason));
    await expect(before.next()).rejects.toBe(reason);
    expect(await before.next()).toEqual({ done: true, value: undefined });

    const controller = new AbortController();
    const queue = queueOf(0);
    const during = new EventIterator(queue, controller.signal);
    const pending = [during.next(), during.next()];
    const between = new EventIterator(queueOf(3), controller.signal);
    await between.next();
    controller.abort(reason);
    await expect(pending[0]).rejects.toBe(reason);
    expect(await pending[1]).toEqual({ done: true, value: undefined });
    await expect(between.next()).rejects.toBe(reason);
    queue.push(event(9));
    expect(queue.length).toBe(1);
  });
});
