import { describe, expect, test } from 'vitest';

import { judgeOwner } from '../src/internal/judge-owner.ts';
import { ownIdentity } from '../src/internal/process-identity.ts';
import { formatOwner, parseTemporaryName, temporaryName } from '../src/internal/temporary-name.ts';

describe('names', () => {
  test('tell how their owner is proved dead', () => {
    expect(parseTemporaryName(`osx-${temporaryName('lock')}.txt`)).toEqual({ owner: undefined });
    expect(parseTemporaryName(`x${temporaryName('process')}`)).toEqual({ owner: ownIdentity() });
  });

  test('are not repeated', () => {
    expect(new Set(Array.from({ length: 5000 }, () => temporaryName('lock'))).size).toBe(5000);
  });

  test('are short enough for a socket and for any file system', () => {
    expect(`/tmp/osx-${temporaryName('lock')}/socket`.length).toBeLessThan(50);
    expect(temporaryName('process').length).toBeLessThan(95);
  });

  test.each(['', 'file.txt', 'osx-abc.osxtmp', '0123456789abcdef.osxtm', '0123456789ABCDEF.osxtmp', '.osxtmp'])(
    '%j is none of ours',
    (name) => {
      expect(parseTemporaryName(name)).toBeUndefined();
    },
  );
});

describe('an owner that the name tells', () => {
  const own = { ...ownIdentity(), boot: 'aaaaaaaaaaaa', pidNamespace: '1', timeNamespace: '1' };

  test.each([
    ['another boot, in a container', { ...own, boot: 'bbbbbbbbbbbb' }, 'foreign'],
    ['another pid namespace', { ...own, pidNamespace: '2' }, 'foreign'],
    ['another time namespace', { ...own, timeNamespace: '2' }, 'foreign'],
    ['unknown', { ...own, boot: 'x' }, 'foreign'],
    ['this process', own, process.platform === 'linux' ? 'live' : 'foreign'],
    [
      'this pid, started at another time',
      { ...own, startTime: '0' },
      process.platform === 'linux' ? 'dead' : 'foreign',
    ],
  ])('%s', (_, owner, verdict) => {
    const parsed = parseTemporaryName(`0123456789abcdef-${formatOwner(owner)}.osxtmp`);
    expect(judgeOwner(parsed?.owner ?? own, true, own)).toBe(verdict);
  });

  test('another boot, both outside of containers, on a file system of this machine', () => {
    const initial = (0xeffffffc).toString(36);
    const outside = { ...own, pidNamespace: initial };
    const before = { ...outside, boot: 'bbbbbbbbbbbb' };
    expect(judgeOwner(before, true, outside)).toBe('dead');
    expect(judgeOwner(before, false, outside)).toBe('foreign');
  });
});
