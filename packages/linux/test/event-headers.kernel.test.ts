import { assertHeadersAgree, needs } from '@osx/test-support';
import type { CClaims } from '@osx/test-support';
import { expect } from 'vitest';

import * as epoll from '../src/epoll/constants.ts';
import { epollEventStruct } from '../src/internal/epoll-event-struct.ts';
import * as eventfd from '../src/internal/eventfd-constants.ts';

function claims(target: 'linux-x64' | 'linux-arm64'): CClaims {
  return {
    headers: ['sys/epoll.h', 'sys/eventfd.h'],
    constants: { ...epoll, ...eventfd },
    structs: { 'struct epoll_event': epollEventStruct.layout(target) },
  };
}

needs('gcc').test('epoll and eventfd are those of the headers on x64, where epoll_event is packed', async () => {
  await assertHeadersAgree(claims('linux-x64'));
  expect(epollEventStruct.size('linux-x64')).toBe(12);
});

needs('arm64-gcc').test('epoll and eventfd are those of the headers on arm64, where it is not', async () => {
  await assertHeadersAgree(claims('linux-arm64'), 'aarch64-linux-gnu-gcc');
  expect(epollEventStruct.size('linux-arm64')).toBe(16);
});

needs('gcc').test('the layout of the other architecture is refused', async () => {
  await expect(assertHeadersAgree(claims('linux-arm64'))).rejects.toThrow(/sizeof\(struct epoll_event\) is not 16/);
});
