import { Epoll, EPOLLIN } from '@osx/linux/epoll';
import { EventFd } from '@osx/linux/eventfd';
import { expectNoNewFds, openFds, runFixture } from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { codeOf, kernelTargets } from './fixtures/epoll-oracle.ts';

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  Epoll.create().close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

function epolls(count: number): { list: Epoll[]; [Symbol.dispose](): void } {
  const list = Array.from({ length: count }, () => Epoll.create());
  const dispose = (): void => {
    for (const epoll of list) epoll.close();
  };
  return { list, [Symbol.dispose]: dispose };
}

test('an epoll inside another makes it ready, and both name what fired', async () => {
  using made = epolls(2);
  const [outer, inner] = made.list as [Epoll, Epoll];
  using eventfd = EventFd.create();
  outer.add(inner, EPOLLIN, { data: 1 });
  inner.add(eventfd, EPOLLIN, { data: 2 });
  const waiting = outer.wait({ timeoutMs: 30_000 });
  eventfd.add();
  expect((await waiting).map(({ data }) => data)).toEqual([1n]);
  expect(inner.poll().map(({ data }) => data)).toEqual([2n]);
  eventfd.tryRead();
  expect(outer.poll()).toEqual([]);
});

test('ELOOP for a circle, and for more than five levels', () => {
  using made = epolls(7);
  const [a, b, c, ...rest] = made.list as [Epoll, Epoll, Epoll, ...Epoll[]];
  a.add(b, EPOLLIN);
  b.add(c, EPOLLIN);
  expect(() => c.add(a, EPOLLIN)).toThrow(
    expect.objectContaining({ code: 'ELOOP', syscall: 'epoll_ctl', message: expect.stringContaining('loop') }),
  );
  const [d, e, f] = rest as [Epoll, Epoll, Epoll];
  e.add(f, EPOLLIN);
  d.add(e, EPOLLIN);
  expect(codeOf(() => c.add(d, EPOLLIN))).toBe('ELOOP');
  c.add(e, EPOLLIN); // a, b, c, e, f
  expect(c.registrations).toHaveLength(1);
});

test('two levels inside can be waited for; three give ELOOP, where libuv would end the process', async () => {
  using made = epolls(4);
  const [first, second, third, fourth] = made.list as [Epoll, Epoll, Epoll, Epoll];
  using eventfd = EventFd.create({ initial: 1 });
  fourth.add(eventfd, EPOLLIN);
  third.add(fourth, EPOLLIN);
  second.add(third, EPOLLIN);
  expect(await second.wait({ timeoutMs: 30_000 })).toHaveLength(1);
  first.add(second, EPOLLIN);
  expect(first.poll()).toHaveLength(1);
  eventfd.tryRead();
  await expect(first.wait()).rejects.toMatchObject({
    code: 'ELOOP',
    message: expect.stringContaining('two levels'),
  });
  await expect(second.wait({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('what would make a wait in progress too deep is refused and taken back', async () => {
  using made = epolls(4);
  const [first, second, third, fourth] = made.list as [Epoll, Epoll, Epoll, Epoll];
  const waiting = first.wait({ timeoutMs: 200 });
  first.add(second, EPOLLIN);
  second.add(third, EPOLLIN);
  expect(codeOf(() => third.add(fourth, EPOLLIN))).toBe('ELOOP');
  expect([third.registrations, kernelTargets(third.fd)]).toEqual([[], []]);
  await expect(waiting).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  third.add(fourth, EPOLLIN);
  expect(third.registrations).toHaveLength(1);
});

test('a program that does all of it goes on', async () => {
  const { stdout, code } = await runFixture(new URL('fixtures/epoll-nesting.ts', import.meta.url), []);
  expect([code, stdout]).toEqual([0, 'ELOOP\nELOOP\nETIMEDOUT\nELOOP\nalive\n']);
});
