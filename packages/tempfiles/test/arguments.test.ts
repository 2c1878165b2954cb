import {
  defaultTemporaryDirectory,
  makeTemporaryDirectory,
  makeTemporaryDirectorySync,
  openSpooledFile,
  openTemporaryFile,
  openTemporaryFileSync,
  sweepTemporaryFiles,
} from '@osx/tempfiles';
import { describe, expect, test } from 'vitest';

const wrong: [string, unknown, string][] = [
  ['options', 'text', 'ERR_INVALID_ARG_TYPE'],
  ['options', null, 'ERR_INVALID_ARG_TYPE'],
  ['options.directory', { directory: 7 }, 'ERR_INVALID_ARG_TYPE'],
  ['options.directory', { directory: '' }, 'ERR_INVALID_ARG_VALUE'],
  ['options.directory', { directory: '/tmp\0' }, 'ERR_INVALID_ARG_VALUE'],
  ['options.directory', { directory: new URL('http://host/') }, 'ERR_INVALID_ARG_VALUE'],
  ['options.beside', { beside: false }, 'ERR_INVALID_ARG_TYPE'],
  ['options.beside', { beside: '/tmp/' }, 'ERR_INVALID_ARG_VALUE'],
  ['options.beside', { beside: '/tmp/..' }, 'ERR_INVALID_ARG_VALUE'],
  ['options.beside', { beside: '/tmp/x', directory: '/tmp' }, 'ERR_INVALID_ARG_VALUE'],
  ['options.prefix', { prefix: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ['options.prefix', { prefix: '../' }, 'ERR_INVALID_ARG_VALUE'],
  ['options.prefix', { prefix: 'a\0' }, 'ERR_INVALID_ARG_VALUE'],
  ['options.prefix', { prefix: 'a.osxtmp' }, 'ERR_INVALID_ARG_VALUE'],
  ['options.prefix', { prefix: 'ä'.repeat(41) }, 'ERR_OUT_OF_RANGE'],
  ['options.suffix', { suffix: '/x' }, 'ERR_INVALID_ARG_VALUE'],
  ['options.suffix', { suffix: 'x'.repeat(81) }, 'ERR_OUT_OF_RANGE'],
  ['options.mode', { mode: '600' }, 'ERR_INVALID_ARG_TYPE'],
  ['options.mode', { mode: 0o1000 }, 'ERR_OUT_OF_RANGE'],
  ['options.mode', { mode: -1 }, 'ERR_OUT_OF_RANGE'],
];

describe.each([
  ['makeTemporaryDirectory', makeTemporaryDirectory],
  ['makeTemporaryDirectorySync', makeTemporaryDirectorySync],
  ['openTemporaryFile', openTemporaryFile],
  ['openTemporaryFileSync', openTemporaryFileSync],
])('%s', (_, make) => {
  test.each(wrong)('refuses %s of %j', async (name, options, code) => {
    const attempt = async (): Promise<unknown> => make(options as object);
    await expect(attempt()).rejects.toMatchObject({ code, message: expect.stringContaining(`"${name}"`) as string });
  });
});

test('named is a boolean', async () => {
  await expect(openTemporaryFile({ named: 1 as never })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
});

test.each([
  [{ maxMemoryBytes: -1 }, 'ERR_OUT_OF_RANGE'],
  [{ maxMemoryBytes: 1.5 }, 'ERR_OUT_OF_RANGE'],
  [{ maxMemfdBytes: NaN }, 'ERR_OUT_OF_RANGE'],
  [{ maxMemfdBytes: '1' as never }, 'ERR_INVALID_ARG_TYPE'],
  [{ directory: 3 as never }, 'ERR_INVALID_ARG_TYPE'],
])('openSpooledFile refuses %j', (options, code) => {
  expect(() => openSpooledFile(options)).toThrow(expect.objectContaining({ code }) as Error);
});

test('sweepTemporaryFiles', async () => {
  await expect(sweepTemporaryFiles(7 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  await expect(sweepTemporaryFiles('.', { foreign: 'x' as never })).rejects.toMatchObject({
    code: 'ERR_INVALID_ARG_VALUE',
  });
  await expect(sweepTemporaryFiles('.', { signal: {} as never })).rejects.toMatchObject({
    code: 'ERR_INVALID_ARG_TYPE',
  });
  const reason = new Error('enough');
  await expect(sweepTemporaryFiles('.', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

describe('defaultTemporaryDirectory', () => {
  test.each([
    [{}, '/tmp'],
    [{ TMPDIR: '' }, '/tmp'],
    [{ TMPDIR: '/var/tmp' }, '/var/tmp'],
    [{ TMPDIR: '/var/tmp//' }, '/var/tmp'],
    [{ TMPDIR: '/' }, '/'],
    [{ TMPDIR: '', TMP: '/a', TEMP: '/b' }, '/a'],
    [{ TEMP: '/b' }, '/b'],
    [{ TMPDIR: 'here' }, `${process.cwd()}/here`],
    [{ TMPDIR: '/missing/../x' }, '/missing/../x'],
  ])('%j is %s', (environ, path) => {
    expect(defaultTemporaryDirectory({ environ })).toBe(path);
  });

  test('refuses what is no environment', () => {
    expect(() => defaultTemporaryDirectory({ environ: 'x' as never })).toThrow(TypeError);
  });
});
