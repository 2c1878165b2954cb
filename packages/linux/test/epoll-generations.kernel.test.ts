// The kernel registers an open file under a number: what becomes of events when the number goes its own ways.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync, writeSync } from 'node:fs';

import { duplicate as duplicateOf, isCloseOnExec, pipe } from '@osx/fds';
import type { Fd, Pipe } from '@osx/fds';
import { Epoll, EPOLLET, EPOLLIN, EPOLLONESHOT, EPOLLOUT } from '@osx/linux/epoll';
import type { EpollEvent } from '@osx/linux/epoll';
import { EventFd } from '@osx/linux/eventfd';
import { expectNoNewFds, openFds } from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { codeOf, describeEvents, kernelTargets } from './fixtures/epoll-oracle.ts';

let before: ReadonlyMap<number, string>;
let spare: Pipe;
beforeAll(() => {
  Epoll.create().close();
  before = openFds();
  spare = pipe();
});
afterAll(() => {
  spare.readEnd.close();
  spare.writeEnd.close();
  expectNoNewFds(before);
});

/** A pipe with a byte in it. */
function readablePipe(): { reader: Fd; writer: Fd } {
  const { readEnd, writeEnd } = pipe();
  writeSync(writeEnd.number, 'x');
  return { reader: readEnd, writer: writeEnd };
}

/** Another file under the number that was just closed. */
function reuseNumber(number: number, of: Fd = spare.readEnd): Fd {
  const again = of.duplicate({ atLeast: number });
  expect(again.number).toBe(number);
  return again;
}

/** The number of an epoll, without asking it: that would tell it that it is shared. */
function numberOf(create: () => Epoll): { epoll: Epoll; number: number } {
  const known = openFds();
  const epoll = create();
  const [number = -1] = [...openFds()].find(([fd, target]) => !known.has(fd) && target.includes('eventpoll')) ?? [];
  return { epoll, number };
}

describe('a descriptor closed while a duplicate is open', () => {
  test('is reported with its own data until it is removed, and removing it works without the descriptor', () => {
    const { epoll, number } = numberOf(() => Epoll.create());
    using _closing = epoll;
    const { reader, writer } = readablePipe();
    const registration = epoll.add(reader, EPOLLIN, { data: 5 });
    using duplicate = reader.duplicate();
    const closed = reader.number;
    reader.close();
    expect(codeOf(() => fstatSync(closed))).toBe('EBADF');
    expect(describeEvents(epoll.poll())).toEqual([`${closed} EPOLLIN 5`]);
    expect(epoll.refresh()).toEqual([]);

    // The kernel refuses to remove what has no descriptor: the event is kept from the user, and the queue renewed.
    expect(codeOf(() => epoll.modify(closed, EPOLLIN))).toBe('EBADF');
    expect(epoll.remove(registration)).toBe(false);
    expect(registration.isActive).toBe(false);
    expect(kernelTargets(number)).toHaveLength(1);
    expect(epoll.poll()).toEqual([]);
    expect(kernelTargets(number)).toEqual([]);
    expect(duplicate.isClosed).toBe(false);
    writer.close();
  });

  test('is never taken for the next file under its number', async () => {
    using epoll = Epoll.create();
    const { reader, writer } = readablePipe();
    const fresh = pipe();
    using freshReader = fresh.readEnd;
    using freshWriter = fresh.writeEnd;
    const old = epoll.add(reader, EPOLLIN, { data: 1 });
    using duplicate = reader.duplicate();
    const number = reader.number;
    reader.close();
    using again = reuseNumber(number, freshReader);

    // Nobody has registered the new file: the event is the old one's, and says so.
    expect(epoll.poll()[0]?.registration).toBe(old);
    const registration = epoll.add(again, EPOLLIN, { data: 2 });
    expect([old.isActive, registration.isActive, registration.fd]).toEqual([false, true, number]);
    expect(epoll.poll()).toEqual([]);
    await expect(epoll.wait({ timeoutMs: 50 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    writeSync(freshWriter.number, 'y');
    expect(describeEvents(await epoll.wait())).toEqual([`${number} EPOLLIN 2`]);
    expect(epoll.poll()[0]?.registration).toBe(registration);
    // The old registration cannot be used to reach the new one.
    expect(codeOf(() => epoll.modify(old, EPOLLOUT))).toBe('ENOENT');
    expect(epoll.remove(old)).toBe(false);
    expect(epoll.poll()).toHaveLength(1);
    writer.close();
    expect(duplicate.isClosed).toBe(false);
  });

  test('of an epoll whose descriptor was handed out: nothing is replaced unasked, and wait says what to do', async () => {
    using epoll = Epoll.create();
    const { fd } = epoll;
    const { reader, writer } = readablePipe();
    using eventfd = EventFd.create();
    epoll.add(eventfd, EPOLLIN, { data: 7 });
    const orphan = epoll.add(reader, EPOLLIN);
    using duplicate = reader.duplicate();
    const closed = reader.number;
    reader.close();
    epoll.remove(closed);

    expect([epoll.poll(), epoll.poll()]).toEqual([[], []]);
    expect(kernelTargets(fd)).toHaveLength(2);
    await expect(epoll.wait()).rejects.toMatchObject({ code: 'ERR_OSX_ORPHANED_REGISTRATION', syscall: 'epoll_wait' });
    eventfd.add();
    for (let round = 0; round < 4; round += 1) {
      expect(epoll.poll({ maxEvents: 1 }).map(({ data }) => data)).toEqual([7n]);
      expect(await epoll.wait({ maxEvents: 1 })).toHaveLength(1);
    }
    eventfd.tryRead();
    expect(epoll.rebuild()).toEqual([]); // it was removed before
    expect([epoll.fd, kernelTargets(fd).length, orphan.isActive]).toEqual([fd, 1, false]);
    await expect(epoll.wait({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(duplicate.isClosed).toBe(false);
    writer.close();
  });

  test.each(['handed out', 'kept'])(
    'does not stand in the way of another in a batch of 1, the descriptor %s',
    (way) => {
      using epoll = Epoll.create();
      if (way === 'handed out') expect(epoll.fd).toBeGreaterThan(2);
      const { reader, writer } = readablePipe();
      using eventfd = EventFd.create({ initial: 1 });
      const orphan = epoll.add(reader, EPOLLIN);
      epoll.add(eventfd, EPOLLIN, { data: 7 });
      const duplicate = reader.duplicate();
      reader.close();
      epoll.remove(orphan);
      expect(epoll.poll({ maxEvents: 1 }).map(({ data }) => data)).toEqual([7n]);
      duplicate.close();
      writer.close();
    },
  );

  test('is forgotten when its last duplicate is closed', async () => {
    using epoll = Epoll.create();
    expect(kernelTargets(epoll.fd)).toEqual([]);
    const { reader, writer } = readablePipe();
    const orphan = epoll.add(reader, EPOLLIN);
    const duplicate = reader.duplicate();
    reader.close();
    epoll.remove(orphan);
    await expect(epoll.wait()).rejects.toMatchObject({ code: 'ERR_OSX_ORPHANED_REGISTRATION' });
    duplicate.close();
    await expect(epoll.wait({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    writer.close();
  });

  test('is kept by a child that inherited it, and goes with the child', async () => {
    using epoll = Epoll.create();
    const { reader, writer } = readablePipe();
    epoll.add(reader, EPOLLIN, { data: 3 });
    const child = spawn('sleep', ['600'], { stdio: [reader.toStdio(), 'ignore', 'ignore'] });
    const exited = once(child, 'exit');
    reader.close();
    expect(epoll.poll().map(({ data }) => data)).toEqual([3n]);
    child.kill('SIGKILL');
    await exited;
    expect(epoll.poll()).toEqual([]);
    expect(epoll.refresh()).toHaveLength(1);
    writer.close();
  });

  test('goes with its last duplicate, as the kernel does it', () => {
    using epoll = Epoll.create();
    const { reader, writer } = readablePipe();
    epoll.add(reader, EPOLLIN);
    const duplicate = reader.duplicate();
    reader.close();
    expect(epoll.poll()).toHaveLength(1);
    duplicate.close();
    expect(epoll.poll()).toEqual([]);
    expect(kernelTargets(epoll.fd)).toEqual([]);
    writer.close();
  });
});

describe('rebuild', () => {
  test('keeps what is open with its state, ends what is not', () => {
    using epoll = Epoll.create();
    using edge = EventFd.create({ initial: 1 });
    using fired = EventFd.create({ initial: 1 });
    using armed = EventFd.create();
    const { reader, writer } = readablePipe();
    const reused = pipe();
    epoll.add(edge, EPOLLIN | EPOLLET, { data: 1 });
    epoll.add(fired, EPOLLIN | EPOLLONESHOT, { data: 2 });
    epoll.add(armed, EPOLLIN | EPOLLONESHOT, { data: 3 });
    const closed = epoll.add(reader, EPOLLIN, { data: 4 });
    const replaced = epoll.add(reused.readEnd, EPOLLIN, { data: 5 });
    using duplicate = reader.duplicate();
    reader.close();
    using held = reused.readEnd.duplicate();
    const number = reused.readEnd.number;
    reused.readEnd.close();
    using again = reuseNumber(number);
    expect(epoll.poll()).toHaveLength(3);
    using old = duplicateOf(epoll.fd);
    const oldTargets = kernelTargets(old.number);

    expect(new Set(epoll.rebuild())).toEqual(new Set([closed, replaced]));
    expect([closed.isActive, replaced.isActive, epoll.registrations.length]).toEqual([false, false, 3]);
    expect(kernelTargets(epoll.fd).map(({ fd }) => fd)).toEqual(
      [edge.fd, fired.fd, armed.fd].toSorted((a, b) => a - b),
    );
    expect(kernelTargets(old.number)).toEqual(oldTargets); // who holds the old queue sees no change
    expect(isCloseOnExec(epoll.fd)).toBe(true);
    // An edge is reported once more; what fired stays silent.
    expect(epoll.poll().map(({ data }) => data)).toEqual([1n]);
    armed.add();
    expect(epoll.poll().map(({ data }) => data)).toEqual([3n]);
    expect(epoll.poll()).toEqual([]);
    epoll.modify(fired, EPOLLIN | EPOLLONESHOT);
    expect(epoll.poll().map(({ data }) => data)).toEqual([2n]);
    for (const fd of [writer, reused.writeEnd]) fd.close();
    expect([duplicate.isClosed, held.isClosed, again.isClosed]).toEqual([false, false, false]);
  });

  test('a hang-up of a one-shot registration that has fired stays silent too', () => {
    using epoll = Epoll.create();
    const { reader, writer } = readablePipe();
    using eventfd = EventFd.create();
    epoll.add(reader, EPOLLIN | EPOLLONESHOT);
    expect(epoll.poll()).toHaveLength(1);
    writer.close();
    expect(epoll.poll()).toEqual([]);
    epoll.rebuild();
    expect(epoll.poll()).toEqual([]);
    epoll.modify(reader, EPOLLIN);
    expect(epoll.poll()[0]?.names).toEqual(['EPOLLIN', 'EPOLLHUP']);
    expect(eventfd.peek()).toBe(0n);
    reader.close();
  });
});

describe('a batch', () => {
  function ready(count: number): { epoll: Epoll; eventfds: EventFd[]; [Symbol.dispose](): void } {
    const epoll = Epoll.create();
    const eventfds = Array.from({ length: count }, () => EventFd.create({ initial: 1 }));
    for (const eventfd of eventfds) epoll.add(eventfd, EPOLLIN);
    const dispose = (): void => {
      for (const eventfd of eventfds) eventfd.close();
      epoll.close();
    };
    return { epoll, eventfds, [Symbol.dispose]: dispose };
  }

  test('the iterator drops events of what was removed by the handler of an earlier one', async () => {
    using made = ready(4);
    const { epoll } = made;
    const seen: number[] = [];
    for await (const event of epoll.events({ signal: AbortSignal.timeout(30_000) })) {
      seen.push(event.fd);
      for (const registration of epoll.registrations) epoll.remove(registration);
      if (seen.length > 1) break;
      made.eventfds.push(EventFd.create({ initial: 1 }));
      epoll.add(made.eventfds.at(-1) as EventFd, EPOLLIN);
    }
    expect(seen).toEqual([seen[0], made.eventfds.at(-1)?.fd]);
  });

  test('isStale tells it of an array: removed, modified, replaced', () => {
    using made = ready(4);
    const { epoll, eventfds } = made;
    const events = epoll.poll();
    const of = (eventfd: EventFd | undefined): EpollEvent | undefined => events.find(({ fd }) => fd === eventfd?.fd);
    const [removed, modified, replaced, kept] = eventfds.map((eventfd) => of(eventfd));
    expect(events.map(({ isStale }) => isStale)).toEqual([false, false, false, false]);
    epoll.remove(eventfds[0] as EventFd);
    epoll.modify(eventfds[1] as EventFd, EPOLLIN, { data: 77 });
    const third = eventfds[2] as EventFd;
    const number = third.fd;
    epoll.remove(third);
    third.close();
    using again = reuseNumber(number);
    const registration = epoll.add(again, EPOLLIN);
    expect([removed, modified, replaced, kept].map((event) => event?.isStale)).toEqual([true, true, true, false]);
    expect(replaced?.registration).not.toBe(registration);
    expect(modified?.data).toBe(BigInt(eventfds[1]?.fd as number)); // as it was when it fired
  });

  test('closed without remove, and reused in the same batch: stale', () => {
    using made = ready(2);
    const { epoll, eventfds } = made;
    const [, event] = epoll.poll();
    const victim = eventfds.find(({ fd }) => fd === event?.fd) as EventFd;
    const number = victim.fd;
    victim.close();
    using again = reuseNumber(number);
    epoll.add(again, EPOLLIN);
    expect([event?.fd, event?.isStale]).toEqual([number, true]);
  });
});

describe('iterators', () => {
  test('leaving a loop in the middle of a batch loses no one-shot event', async () => {
    using epoll = Epoll.create();
    const eventfds = Array.from({ length: 6 }, () => EventFd.create({ initial: 1 }));
    for (const eventfd of eventfds) epoll.add(eventfd, EPOLLIN | EPOLLONESHOT);
    const seen: number[] = [];
    for await (const event of epoll) {
      seen.push(event.fd);
      if (seen.length === 2) break;
    }
    seen.push(...epoll.poll({ maxEvents: 1 }).map(({ fd }) => fd));
    seen.push(...(await epoll.wait({ maxEvents: 1 })).map(({ fd }) => fd));
    for await (const event of epoll) {
      seen.push(event.fd);
      if (seen.length === 6) break;
    }
    expect(new Set(seen)).toEqual(new Set(eventfds.map(({ fd }) => fd)));
    expect(epoll.poll()).toEqual([]);
    for (const eventfd of eventfds) eventfd.close();
  });

  test('what was left over and is removed since is not reported', async () => {
    using epoll = Epoll.create();
    using first = EventFd.create({ initial: 1 });
    using second = EventFd.create({ initial: 1 });
    for (const eventfd of [first, second]) epoll.add(eventfd, EPOLLIN | EPOLLONESHOT);
    for await (const event of epoll) {
      expect(event.isStale).toBe(false);
      break;
    }
    for (const registration of epoll.registrations) epoll.remove(registration);
    expect(epoll.poll()).toEqual([]);
  });

  test('an aborted signal ends the loop in the middle of a batch, and the rest is not lost', async () => {
    using epoll = Epoll.create();
    using first = EventFd.create({ initial: 1 });
    using second = EventFd.create({ initial: 1 });
    for (const eventfd of [first, second]) epoll.add(eventfd, EPOLLIN | EPOLLONESHOT);
    const controller = new AbortController();
    const reason = new Error('enough');
    const iterator = epoll.events({ signal: controller.signal });
    expect((await iterator.next()).done).toBe(false);
    controller.abort(reason);
    await expect(iterator.next()).rejects.toBe(reason);
    expect(epoll.poll()).toHaveLength(1);
  });

  test('return in any moment of a next loses no one-shot event', async () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create({ initial: 1 });
    epoll.add(eventfd, EPOLLIN | EPOLLONESHOT);
    for (let jobs = 0; jobs < 12; jobs += 1) {
      const iterator = epoll.events();
      const next = iterator.next();
      for (let job = 0; job < jobs; job += 1) await Promise.resolve();
      await iterator.return?.();
      const { done } = await next;
      expect(epoll.poll()).toHaveLength(done === true ? 1 : 0);
      epoll.modify(eventfd, EPOLLIN | EPOLLONESHOT);
    }
  });

  test('two loops share the events; return ends a pending next', async () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create();
    epoll.add(eventfd, EPOLLIN | EPOLLET);
    const first = epoll.events();
    const second = epoll.events();
    const pending = [first.next(), second.next()];
    await new Promise(setImmediate);
    eventfd.add();
    const winner = await Promise.race(pending);
    expect(winner.value?.fd).toBe(eventfd.fd);
    await Promise.all([first.return?.(), second.return?.()]);
    expect((await Promise.all(pending)).filter(({ done }) => done === true)).toHaveLength(1);
    expect(await first.next()).toEqual({ done: true, value: undefined });
  });

  test('the signal rejects with its reason, close ends the loop', async () => {
    const epoll = Epoll.create();
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = epoll.events({ signal: controller.signal });
    const pending = aborted.next();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
    await expect(epoll.events({ signal: controller.signal }).next()).rejects.toBe(reason);

    const closed = epoll.events();
    const waiting = closed.next();
    await new Promise(setImmediate);
    epoll.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await closed.next()).toEqual({ done: true, value: undefined });
  });

  test('what is always ready leaves the event loop to others', async () => {
    using epoll = Epoll.create();
    using eventfd = EventFd.create({ initial: 1 });
    epoll.add(eventfd, EPOLLIN);
    let turns = 0;
    const count = (): void => {
      turns += 1;
      if (turns < 5) setTimeout(count, 1);
    };
    setTimeout(count, 1);
    for await (const event of epoll) {
      expect(event.fd).toBe(eventfd.fd);
      if (turns === 5) break;
    }
  });
});
