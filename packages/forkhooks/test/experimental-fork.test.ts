import { canForkProcess, forkProcess, forkProcessSync } from '@osx/forkhooks/experimental-fork';
import { describe, expect, test } from 'vitest';

import { coversAll, mappedRanges, rangesBetweenKernelMappings } from '../src/internal/true-fork/heap-mappings.ts';
import { nodeFlags } from '../src/internal/true-fork/node-flags.ts';

const wrongArguments: [run: unknown, options: unknown, code: string, message: RegExp][] = [
  [undefined, undefined, 'ERR_INVALID_ARG_TYPE', /"run".* function/],
  [() => 0, null, 'ERR_INVALID_ARG_TYPE', /"options"/],
  [() => 0, { keepFds: 3 }, 'ERR_INVALID_ARG_TYPE', /"options.keepFds"/],
  [() => 0, { keepFds: ['3'] }, 'ERR_INVALID_ARG_TYPE', /"options.keepFds\[0\]"/],
  [() => 0, { keepFds: [3, -1] }, 'ERR_OUT_OF_RANGE', /"options.keepFds\[1\]"/],
  [() => 0, { outliveParent: 1 }, 'ERR_INVALID_ARG_TYPE', /"options.outliveParent"/],
  [() => 0, { timeoutMs: '5' }, 'ERR_INVALID_ARG_TYPE', /"options.timeoutMs"/],
  [() => 0, { timeoutMs: -1 }, 'ERR_OUT_OF_RANGE', /"options.timeoutMs"/],
];

describe('arguments are checked before anything else', () => {
  test.for(wrongArguments)('%s, %j', async ([run, options, code, message]) => {
    const expected = expect.objectContaining({ code, message: expect.stringMatching(message) as string });
    expect(() => forkProcessSync(run as () => void, options as object)).toThrow(expected);
    await expect(forkProcess(run as () => void, options as object)).rejects.toThrow(expected);
  });

  test('a signal', async () => {
    await expect(forkProcess(() => {}, { signal: {} as AbortSignal })).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
    const reason = new Error('not needed any more');
    await expect(forkProcess(() => {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

test('a Node that was started without the flags is refused, with the flags', async () => {
  expect(canForkProcess()).toBe(false);
  const expected = expect.objectContaining({ code: 'ENOTSUP', requires: 'node --single-threaded --v8-pool-size=1' });
  expect(() => forkProcessSync(() => {})).toThrow(expected);
  await expect(forkProcess(() => {})).rejects.toThrow(expected);
});

test.for([
  [[], '', false, 4],
  [['--single-threaded', '--v8-pool-size=1'], '', true, 1],
  [['--single_threaded', '--v8_pool_size=1'], '', true, 1],
  [['--single-threaded', '--v8-pool-size', '1'], '', true, 1],
  [['--single-threaded', '--no-single-threaded'], '', false, 4],
  [['--nosingle-threaded', '--single-threaded'], '', true, 4],
  [['--single-threaded-gc'], '', false, 4],
  [['--single-threaded'], '--v8-pool-size=1', true, 1],
  [['--single-threaded'], '--title=x "--v8-pool-size=1"', true, 1],
  [['--v8-pool-size=2'], '--v8-pool-size=1', false, 2],
] as const)('the flags %j with NODE_OPTIONS=%s', ([execArgv, nodeOptions, isSingleThreaded, poolSize]) => {
  expect(nodeFlags(execArgv, nodeOptions)).toEqual({ isSingleThreaded, poolSize });
});

test('the ranges leave out what the kernel maps', () => {
  const maps = `00400000-00401000 r--p 00000000 fe:00 1 /usr/bin/node
7f0000000000-7f0000001000 rw-p 00000000 00:00 0
7ffd4db00000-7ffd4db21000 rw-p 00000000 00:00 0 [stack]
7ffd4db30000-7ffd4db34000 r--p 00000000 00:00 0 [vvar]
7ffd4db34000-7ffd4db36000 r--p 00000000 00:00 0 [vvar_vclock]
7ffd4db36000-7ffd4db38000 r-xp 00000000 00:00 0 [vdso]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
`;
  expect(rangesBetweenKernelMappings(maps)).toEqual([
    [0x10000n, 0x7ffd4db30000n],
    [0x7ffd4db38000n, 0x7ffffffff000n],
  ]);
  expect(rangesBetweenKernelMappings('')).toEqual([[0x10000n, 0x7ffffffff000n]]);
});

test.for([
  ['', '', true],
  ['10-20', '', false],
  ['', '10-20', true],
  ['10-20', '10-20', true],
  ['10-20', '10-1f', false],
  ['10-20', '11-20', false],
  ['10-20', '00-10 10-18 18-20', true],
  ['10-20', '10-17 18-20', false],
  ['10-14 14-18 1c-20', '10-20', true],
  ['10-14 18-1c', '00-14 18-30', true],
  ['10-14 18-1c', '10-14', false],
  ['10-14 18-1c', '10-14 1a-1c', false],
] as const)('what the parent has at %s, a child with %s has: %s', ([parent, child, expected]) => {
  const maps = (ranges: string): string => ranges.replaceAll(/(\S+) ?/g, '$1 rw-p 00000000 00:00 0\n');
  expect(coversAll(mappedRanges(maps(child)), mappedRanges(maps(parent)))).toBe(expected);
});
