import { describe, expect, test } from 'vitest';

import { EpollRegistration } from '../src/epoll/epoll-registration.ts';
import { RegistrationTable } from '../src/internal/registration-table.ts';

function add(table: RegistrationTable, fd: number): EpollRegistration {
  const registration = new EpollRegistration(fd, { token: table.newToken(), events: 1, data: 0n });
  table.add(registration);
  return registration;
}

describe('RegistrationTable', () => {
  test('one registration per number: the next ends the one before', () => {
    const table = new RegistrationTable();
    const first = add(table, 5);
    const second = add(table, 5);
    expect([first.isActive, second.isActive, table.ofFd(5), table.current()]).toEqual([false, true, second, [second]]);
    expect([table.ofToken(first.token), table.ofToken(second.token)]).toEqual([undefined, second]);
  });

  test('the end of one that was replaced does not touch its successor', () => {
    const table = new RegistrationTable();
    const first = add(table, 5);
    const second = add(table, 5);
    table.end(first);
    expect(table.ofFd(5)).toBe(second);
    table.end(second);
    expect([table.ofFd(5), table.current()]).toEqual([undefined, []]);
  });

  test('a renewed registration is found by its new token alone', () => {
    const table = new RegistrationTable();
    const registration = add(table, 5);
    const former = registration.token;
    const token = table.newToken();
    table.renew(registration, () => registration.recordChange({ token, events: 4, data: 1n }));
    expect([table.ofToken(former), table.ofToken(token)]).toEqual([undefined, registration]);
    table.clear();
    expect([table.ofToken(token), registration.isActive]).toEqual([undefined, false]);
  });
});
