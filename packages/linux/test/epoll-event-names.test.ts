import * as epoll from '@osx/linux/epoll';
import { expect, test } from 'vitest';

const { EPOLLERR, EPOLLET, EPOLLIN, EPOLLONESHOT, EPOLLRDHUP, epollEventNames } = epoll;

test('lists bits by value, EPOLLET of a negative mask too', () => {
  expect(epollEventNames(EPOLLRDHUP | EPOLLIN | EPOLLERR)).toEqual(['EPOLLIN', 'EPOLLERR', 'EPOLLRDHUP']);
  expect(epollEventNames(EPOLLIN | EPOLLET)).toEqual(['EPOLLIN', 'EPOLLET']);
  expect(epollEventNames((EPOLLONESHOT | EPOLLET) >>> 0)).toEqual(['EPOLLONESHOT', 'EPOLLET']);
});

test('nothing for 0, nothing for unknown bits', () => {
  expect(epollEventNames(0)).toEqual([]);
  expect(epollEventNames(0x0800_0020)).toEqual([]);
});

test('every constant has its name', () => {
  const constants = Object.entries(epoll).filter(([name]) => name.startsWith('EPOLL'));
  expect(constants).toHaveLength(15);
  for (const [name, bit] of constants) expect(epollEventNames(bit as number)).toEqual([name]);
});
