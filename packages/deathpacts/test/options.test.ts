import { SystemError } from '@osx/errors';
import { describe, expect, test } from 'vitest';

import {
  HeartbeatFile,
  HeartbeatFileDeathpact,
  NoDeathpact,
  ParentDeathSignal,
  PipeDeathpact,
  ProcessDeathpact,
} from '@osx/deathpacts';

type Constructor = new (options: never) => { close(): void };

const pacts: [string, Constructor, object][] = [
  ['ParentDeathSignal', ParentDeathSignal, {}],
  ['ProcessDeathpact', ProcessDeathpact, { pid: process.pid }],
  ['PipeDeathpact', PipeDeathpact, { fd: 1_000_000 }],
  ['HeartbeatFileDeathpact', HeartbeatFileDeathpact, { path: 'no-such-file' }],
  ['NoDeathpact', NoDeathpact, {}],
];

function refusal(Pact: Constructor, options: unknown): { name: string; code: string; message: string } {
  try {
    new Pact(options as never).close();
  } catch (error) {
    const { name, code, message } = error as NodeJS.ErrnoException;
    return { name, code: code ?? '', message };
  }
  throw new Error('accepted');
}

describe.each(pacts)('%s', (_, Pact, right) => {
  test.each([
    ['signal', 'SIGNONE', 'ERR_INVALID_ARG_VALUE'],
    ['signal', 0, 'ERR_INVALID_ARG_VALUE'],
    ['signal', 99, 'ERR_OUT_OF_RANGE'],
    ['signal', {}, 'ERR_INVALID_ARG_TYPE'],
    ['signal', 'SIGCHLD', 'ERR_INVALID_ARG_VALUE'],
    ['signal', 'SIGSTOP', 'ERR_INVALID_ARG_VALUE'],
    ['escalation', 'SIGTSTP', 'ERR_INVALID_ARG_VALUE'],
    ['escalation', null, 'ERR_INVALID_ARG_TYPE'],
    ['graceMs', -1, 'ERR_OUT_OF_RANGE'],
    ['graceMs', 1.5, 'ERR_OUT_OF_RANGE'],
    ['graceMs', 2 ** 31, 'ERR_OUT_OF_RANGE'],
    ['graceMs', '5', 'ERR_INVALID_ARG_TYPE'],
    ['output', 'stdout', 'ERR_INVALID_ARG_VALUE'],
    ['onDie', 'now', 'ERR_INVALID_ARG_TYPE'],
    ['onError', 1, 'ERR_INVALID_ARG_TYPE'],
    ['watch', 'yes', 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %s: %o', (name, value, code) => {
    const found = refusal(Pact, { ...right, [name]: value });
    expect(found.code).toBe(code);
    expect(found.message).toContain(`options.${name}`);
  });

  test.each([null, 1, 'x', []])('refuses options %o', (options) => {
    expect(refusal(Pact, options)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  });
});

test.each([
  [ParentDeathSignal, { parent: -1 }, 'ERR_OUT_OF_RANGE'],
  [ParentDeathSignal, { parent: 2 ** 31 }, 'ERR_OUT_OF_RANGE'],
  [ParentDeathSignal, { parent: '1' }, 'ERR_INVALID_ARG_TYPE'],
  [ProcessDeathpact, {}, 'ERR_INVALID_ARG_VALUE'],
  [ProcessDeathpact, undefined, 'ERR_INVALID_ARG_VALUE'],
  [ProcessDeathpact, { pid: 1, pidfd: 3 }, 'ERR_INVALID_ARG_VALUE'],
  [ProcessDeathpact, { pid: 0 }, 'ERR_OUT_OF_RANGE'],
  [ProcessDeathpact, { pid: 1, startTime: -1 }, 'ERR_OUT_OF_RANGE'],
  [ProcessDeathpact, { pid: 1, startTime: '12 ' }, 'ERR_INVALID_ARG_VALUE'],
  [ProcessDeathpact, { pidfd: 3, startTime: 1 }, 'ERR_INVALID_ARG_VALUE'],
  [ProcessDeathpact, { pidfd: -1 }, 'ERR_OUT_OF_RANGE'],
  [ProcessDeathpact, { pidfd: {} }, 'ERR_INVALID_ARG_TYPE'],
  [ProcessDeathpact, { identity: 4 }, 'ERR_INVALID_ARG_TYPE'],
  [ProcessDeathpact, { identity: { bootId: '', pid: 0, inode: '1' } }, 'ERR_OUT_OF_RANGE'],
  [PipeDeathpact, {}, 'ERR_INVALID_ARG_TYPE'],
  [PipeDeathpact, { fd: -1 }, 'ERR_OUT_OF_RANGE'],
  [HeartbeatFileDeathpact, {}, 'ERR_INVALID_ARG_TYPE'],
  [HeartbeatFileDeathpact, { path: '' }, 'ERR_INVALID_ARG_VALUE'],
  [HeartbeatFileDeathpact, { path: 'a\0b' }, 'ERR_INVALID_ARG_VALUE'],
  [HeartbeatFileDeathpact, { path: 'x', ttlMs: 0 }, 'ERR_OUT_OF_RANGE'],
  [HeartbeatFileDeathpact, { path: 'x', writer: 'me' }, 'ERR_INVALID_ARG_VALUE'],
  [HeartbeatFile, { path: 'x', intervalMs: -1 }, 'ERR_OUT_OF_RANGE'],
  [HeartbeatFile, { path: 'x', mode: 0o1777 }, 'ERR_OUT_OF_RANGE'],
  [HeartbeatFile, { path: 'x', chain: {} }, 'ERR_INVALID_ARG_TYPE'],
  [HeartbeatFile, { path: 'x', chain: null }, 'ERR_INVALID_ARG_TYPE'],
  [HeartbeatFile, { path: 'x', onError: {} }, 'ERR_INVALID_ARG_TYPE'],
] as [Constructor, object | undefined, string][])('%o refuses %o: %s', (Pact, options, code) => {
  expect(refusal(Pact, options)).toMatchObject({ code });
});

test('a descriptor that is not open is EBADF', () => {
  expect(() => new PipeDeathpact({ fd: 1_000_000 })).toThrow(SystemError);
  expect(refusal(PipeDeathpact as Constructor, { fd: 1_000_000 })).toMatchObject({ code: 'EBADF' });
});

test('NoDeathpact never should die, and its options are left alone', () => {
  const options = Object.freeze({ signal: 'TERM', graceMs: 0, onDie: () => {} });
  using pact = new NoDeathpact(options);
  pact.poll();
  expect([pact.shouldDie(), pact.reason(), pact.isDying, pact.isClosed]).toEqual([false, undefined, false, false]);
  pact.close();
  pact.close();
  expect(pact.isClosed).toBe(true);
});
