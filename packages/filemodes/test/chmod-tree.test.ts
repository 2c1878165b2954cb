import { describe, expect, test } from 'vitest';

import { chmodTree, type ChmodTreeOptions } from '@osx/filemodes';

const missing = '/nowhere/to/be/found';
const mode = 0o755;

describe('refused before anything is looked at', () => {
  test.each<[string, unknown[], string]>([
    ['no path', [], 'ERR_INVALID_ARG_TYPE'],
    ['an empty path', ['', { mode }], 'ERR_INVALID_ARG_VALUE'],
    ['a path with NUL', ['a\0b', { mode }], 'ERR_INVALID_ARG_VALUE'],
    ['a URL of another scheme', [new URL('https://example.org/'), { mode }], 'ERR_INVALID_ARG_VALUE'],
    ['no options', [missing], 'ERR_INVALID_ARG_VALUE'],
    ['options null', [missing, null], 'ERR_INVALID_ARG_TYPE'],
    ['no mode at all', [missing, { dryRun: true }], 'ERR_INVALID_ARG_VALUE'],
    ['a mode that is none', [missing, { mode: 'rwx' }], 'ERR_INVALID_ARG_VALUE'],
    ['a mode too large', [missing, { mode: 0o10000 }], 'ERR_OUT_OF_RANGE'],
    ['a mode of another type', [missing, { mode: true }], 'ERR_INVALID_ARG_TYPE'],
    ['mode null', [missing, { mode: null }], 'ERR_INVALID_ARG_TYPE'],
    ['files that are no mode', [missing, { mode, files: '9' }], 'ERR_INVALID_ARG_VALUE'],
    ['directories that are no mode', [missing, { directories: 'u+' + 'q' }], 'ERR_INVALID_ARG_VALUE'],
    [
      'a mode that is none, though not needed',
      [missing, { mode: 'q', files: 0, directories: 0 }],
      'ERR_INVALID_ARG_VALUE',
    ],
    ['umask too large', [missing, { mode: '+w', umask: 0o1000 }], 'ERR_OUT_OF_RANGE'],
    ['dryRun a number', [missing, { mode, dryRun: 1 }], 'ERR_INVALID_ARG_TYPE'],
    ['followRoot text', [missing, { mode, followRoot: 'yes' }], 'ERR_INVALID_ARG_TYPE'],
    ['oneFileSystem null', [missing, { mode, oneFileSystem: null }], 'ERR_INVALID_ARG_TYPE'],
    ['onChange no function', [missing, { mode, onChange: {} }], 'ERR_INVALID_ARG_TYPE'],
    ['signal no signal', [missing, { mode, signal: {} }], 'ERR_INVALID_ARG_TYPE'],
  ])('%s', async (_, args, code) => {
    await expect(chmodTree(...(args as [string, ChmodTreeOptions]))).rejects.toMatchObject({ code });
  });

  test('the options are not changed', async () => {
    const options = Object.freeze({ mode: 'u+r', files: undefined });
    await expect(chmodTree(missing, options)).rejects.toMatchObject({ code: 'ENOENT', path: missing });
  });

  test('an aborted signal comes before the path is looked at, and after the arguments', async () => {
    const signal = AbortSignal.abort('enough');
    await expect(chmodTree(missing, { mode, signal })).rejects.toBe('enough');
    await expect(chmodTree(missing, { mode: 'q', signal })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });
});
