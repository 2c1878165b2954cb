import { describe, expect, test } from 'vitest';

import { spawnWithDeathpact } from '@osx/deathpacts';

const wrong: [string, unknown[], string][] = [
  ['no command', [], 'ERR_INVALID_ARG_TYPE'],
  ['a command that is a number', [7], 'ERR_INVALID_ARG_TYPE'],
  ['an empty command', [''], 'ERR_INVALID_ARG_VALUE'],
  ['a null byte in the command', ['a\0b'], 'ERR_INVALID_ARG_VALUE'],
  ['an argument that is a number', ['true', [1]], 'ERR_INVALID_ARG_TYPE'],
  ['a null byte in an argument', ['true', ['\0']], 'ERR_INVALID_ARG_VALUE'],
  ['arguments that are a string', ['true', 'x'], 'ERR_INVALID_ARG_TYPE'],
  ['options that are a string', ['true', [], 'x'], 'ERR_INVALID_ARG_TYPE'],
  ['options that are null', ['true', [], null], 'ERR_INVALID_ARG_TYPE'],
  ['another pact', ['true', [], { pact: 'pipe' }], 'ERR_INVALID_ARG_VALUE'],
  ['a signal that is none', ['true', [], { signal: 'SIGNOPE' }], 'ERR_INVALID_ARG_VALUE'],
  ['a signal that ends nothing', ['true', [], { signal: 'SIGCHLD' }], 'ERR_INVALID_ARG_VALUE'],
  ['signal 0', ['true', [], { signal: 0 }], 'ERR_INVALID_ARG_VALUE'],
  ['signal 65', ['true', [], { signal: 65 }], 'ERR_OUT_OF_RANGE'],
  ['a signal that is an object', ['true', [], { signal: {} }], 'ERR_INVALID_ARG_TYPE'],
  [
    'two AbortSignals',
    ['true', [], { signal: AbortSignal.abort(), abortSignal: AbortSignal.abort() }],
    'ERR_INVALID_ARG_VALUE',
  ],
  ['abortSignal that is a name', ['true', [], { abortSignal: 'SIGTERM' }], 'ERR_INVALID_ARG_TYPE'],
  ['a negative grace', ['true', [], { graceMs: -1 }], 'ERR_OUT_OF_RANGE'],
  ['half a grace', ['true', [], { graceMs: 0.5 }], 'ERR_OUT_OF_RANGE'],
  ['a grace of a month', ['true', [], { graceMs: 2 ** 31 }], 'ERR_OUT_OF_RANGE'],
  ['tree 1', ['true', [], { tree: 1 }], 'ERR_INVALID_ARG_TYPE'],
  ['a cgroup without tree', ['true', [], { cgroup: '/x' }], 'ERR_INVALID_ARG_VALUE'],
  ['a relative cgroup', ['true', [], { cgroup: 'x', tree: true }], 'ERR_INVALID_ARG_VALUE'],
  ['shell 1', ['true', [], { shell: 1 }], 'ERR_INVALID_ARG_TYPE'],
  ['uid -1', ['true', [], { uid: -1 }], 'ERR_OUT_OF_RANGE'],
  ['gid x', ['true', [], { gid: 'x' }], 'ERR_INVALID_ARG_TYPE'],
  ['argv0 with a null byte', ['true', [], { argv0: '\0' }], 'ERR_INVALID_ARG_VALUE'],
  ['a tree for the kernel alone', ['true', [], { pact: 'parent-death-signal', tree: true }], 'ERR_INVALID_ARG_VALUE'],
  ['grace for the kernel alone', ['true', [], { pact: 'parent-death-signal', graceMs: 1 }], 'ERR_INVALID_ARG_VALUE'],
];

describe('refused before anything is started', () => {
  test.each(wrong)('%s', async (_, args, code) => {
    const call = spawnWithDeathpact as (...args: unknown[]) => Promise<unknown>;
    await expect(call(...args)).rejects.toMatchObject({ code });
  });
});

test("the caller's options stay as they are", async () => {
  const options = Object.freeze({
    env: Object.freeze({ PATH: '/no/such' }),
    stdio: Object.freeze(['ignore']),
    tree: true,
  });
  await expect(spawnWithDeathpact('nope', Object.freeze(['a']), options as never)).rejects.toMatchObject({
    code: 'ENOENT',
    path: 'nope',
  });
});
