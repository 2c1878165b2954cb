import { describe, expect, test } from 'vitest';

import { formatPermissions, type FormatPermissionsOptions } from '@osx/filemodes';

describe('formatPermissions', () => {
  test.each([
    [0, '0000', 'u=,g=,o=', '---------'],
    [0o7, '0007', 'u=,g=,o=rwx', '------rwx'],
    [0o644, '0644', 'u=rw,g=r,o=r', 'rw-r--r--'],
    [0o100644, '0644', 'u=rw,g=r,o=r', '-rw-r--r--'],
    [0o40755, '0755', 'u=rwx,g=rx,o=rx', 'drwxr-xr-x'],
    [0o41777, '1777', 'u=rwx,g=rwx,o=rwxt', 'drwxrwxrwt'],
    [0o42770, '2770', 'u=rwx,g=rwxs,o=', 'drwxrws---'],
    [0o104755, '4755', 'u=rwxs,g=rx,o=rx', '-rwsr-xr-x'],
    [0o107644, '7644', 'u=rws,g=rs,o=rt', '-rwSr-Sr-T'],
    [0o120777, '0777', 'u=rwx,g=rwx,o=rwx', 'lrwxrwxrwx'],
    [0o60660, '0660', 'u=rw,g=rw,o=', 'brw-rw----'],
    [0o20620, '0620', 'u=rw,g=w,o=', 'crw--w----'],
    [0o10600, '0600', 'u=rw,g=,o=', 'prw-------'],
    [0o140755, '0755', 'u=rwx,g=rx,o=rx', 'srwxr-xr-x'],
    [0o150644, '0644', 'u=rw,g=r,o=r', '?rw-r--r--'],
  ])('%o', (mode, octal, symbolic, ls) => {
    expect(formatPermissions(mode)).toBe(octal);
    expect(formatPermissions(mode, { style: 'octal' })).toBe(octal);
    expect(formatPermissions(mode, { style: 'symbolic' })).toBe(symbolic);
    expect(formatPermissions(mode, { style: 'ls' })).toBe(ls);
  });

  test.each([
    ['file', '-'],
    ['directory', 'd'],
    ['symlink', 'l'],
    ['block-device', 'b'],
    ['character-device', 'c'],
    ['fifo', 'p'],
    ['socket', 's'],
    ['unknown', '?'],
  ] as const)('type %s is %s', (type, letter) => {
    expect(formatPermissions(0o600, { style: 'ls', type })).toBe(`${letter}rw-------`);
  });

  test.each<[string, unknown[], string]>([
    ['text', ['755'], 'ERR_INVALID_ARG_TYPE'],
    ['negative', [-1], 'ERR_OUT_OF_RANGE'],
    ['too large', [0o200000], 'ERR_OUT_OF_RANGE'],
    ['a fraction', [0.5], 'ERR_OUT_OF_RANGE'],
    ['options null', [0, null], 'ERR_INVALID_ARG_TYPE'],
    ['an unknown style', [0, { style: 'short' }], 'ERR_INVALID_ARG_VALUE'],
    ['an unknown type', [0, { type: 'door' }], 'ERR_INVALID_ARG_VALUE'],
    ['a type that is not that of the mode', [0o40755, { style: 'ls', type: 'file' }], 'ERR_INVALID_ARG_VALUE'],
  ])('%s is refused', (_, args, code) => {
    expect(() => formatPermissions(...(args as [number, FormatPermissionsOptions]))).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
