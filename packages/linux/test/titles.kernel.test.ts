import { needs, runFixture } from '@osx/test-support';
import { describe, expect } from 'vitest';

import { currentThreadId, getThreadTitle, listThreadIds, setProcessTitle, setThreadTitle } from '@osx/linux/prctl';

const { test } = needs('linux');
const probe = new URL('fixtures/title-probe.ts', import.meta.url);

async function result(...args: string[]): Promise<unknown> {
  const { stdout } = await runFixture(probe, args);
  return JSON.parse(stdout);
}

describe('thread titles', () => {
  test('of any thread, from any thread, as ps shows them', async () => {
    expect(await result('threads')).toEqual({
      ids: [true, true],
      worker: ['indexer', 'indexer\n', true],
      main: ['main thread', 'main thread'],
      cut: '0123456789abc',
      bytes: 'raw\xff',
      empty: ['', ''],
      fromWorker: 'by the worker',
      gone: 'ESRCH',
      unknown: ['ESRCH', 'ESRCH'],
    });
  });

  test('the calling thread is the default', () => {
    expect(currentThreadId()).toBe(process.pid);
    expect(listThreadIds()).toContain(process.pid);
    expect(getThreadTitle()).toBe(getThreadTitle({ threadId: process.pid }));
    expect(getThreadTitle({ encoding: 'buffer' })).toEqual(Buffer.from(getThreadTitle()));
  });

  test.each<[string, () => unknown, string]>([
    ['a title of 16 bytes', () => setThreadTitle('t'.repeat(16)), 'ERR_OUT_OF_RANGE'],
    ['a title with NUL', () => setThreadTitle('a\0', { threadId: 1 }), 'ERR_OUT_OF_RANGE'],
    ['a title of the wrong type', () => setThreadTitle(1 as never), 'ERR_INVALID_ARG_TYPE'],
    ['thread 0', () => setThreadTitle('a', { threadId: 0 }), 'ERR_OUT_OF_RANGE'],
    ['half a thread', () => getThreadTitle({ threadId: 1.5 }), 'ERR_OUT_OF_RANGE'],
    ['truncate of the wrong type', () => setThreadTitle('a', { truncate: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
    ['an unknown encoding', () => getThreadTitle({ encoding: 'latin1' as never }), 'ERR_INVALID_ARG_VALUE'],
    ['a process title of the wrong type', () => setProcessTitle(1 as never), 'ERR_INVALID_ARG_TYPE'],
    ['a process title with NUL', () => setProcessTitle('a\0'), 'ERR_OUT_OF_RANGE'],
    ['a process title that is too long', () => setProcessTitle('t'.repeat(2 ** 22)), 'ERR_OUT_OF_RANGE'],
    ['options in the wrong place', () => setProcessTitle('a', true as never), 'ERR_INVALID_ARG_TYPE'],
  ])('%s is refused', (_what, call, code) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});

describe('the process title', () => {
  test('fits to the last byte, is refused beyond, or cut behind a whole character', async () => {
    expect(await result('process')).toEqual({
      set: ['mail: idle', 'mail: idle', 'mail: idle'],
      full: [true, true],
      beyond: 'ERR_OUT_OF_RANGE',
      cut: [true, true],
      comm: 'mail-delivery-',
    });
  });

  test('not from a Worker, where Node would say nothing', async () => {
    expect(await result('worker')).toEqual({ naive: 'unchanged', ours: 'ENOTSUP' });
  });
});
