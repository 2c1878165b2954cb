import { readFileSync } from 'node:fs';

import { asUnprivilegedUser, needs, runFixture } from '@osx/test-support';
import { expect, test } from 'vitest';

import { getPipeSize, open, pipe, setPipeSize } from '@osx/fds';

test('sizes round up to a power of two pages, and both ends see them', () => {
  const { readEnd, writeEnd } = pipe();
  expect(getPipeSize(readEnd)).toBe(65_536);
  expect(setPipeSize(writeEnd, 5000)).toBe(8192);
  expect(getPipeSize(readEnd)).toBe(8192);
  expect(setPipeSize(readEnd, 1)).toBe(4096);
  expect(setPipeSize(readEnd, 0)).toBe(4096);
  readEnd.close();
  writeEnd.close();
});

test('a size below the content is EBUSY, and changes nothing', async () => {
  const { readEnd, writeEnd } = pipe();
  await writeEnd.writeAll(Buffer.alloc(20_000));
  expect(() => setPipeSize(readEnd, 4096)).toThrow(expect.objectContaining({ code: 'EBUSY', syscall: 'fcntl' }));
  expect(getPipeSize(readEnd)).toBe(65_536);
  readEnd.close();
  writeEnd.close();
});

test('what is not a pipe is EBADF', () => {
  using fd = open('/dev/null');
  expect(() => getPipeSize(fd)).toThrow(expect.objectContaining({ code: 'EBADF' }));
  expect(() => setPipeSize(fd, 4096)).toThrow(expect.objectContaining({ code: 'EBADF' }));
});

test('beyond pipe-max-size CAP_SYS_RESOURCE decides', () => {
  const { readEnd, writeEnd } = pipe();
  const most = Number(readFileSync('/proc/sys/fs/pipe-max-size', 'utf8'));
  if (hasResourceCapability()) expect(setPipeSize(readEnd, most * 2)).toBe(most * 2);
  else expect(() => setPipeSize(readEnd, most * 2)).toThrow(expect.objectContaining({ code: 'EPERM' }));
  readEnd.close();
  writeEnd.close();
});

needs('unprivileged-user').test('others get EPERM beyond it', async () => {
  const { stdout, stderr } = await runFixture(new URL('fixtures/pipe-beyond-max.ts', import.meta.url), [], {
    ...asUnprivilegedUser,
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'EPERM\n', stderr: '' });
});

/** Root in a container may be without it. */
function hasResourceCapability(): boolean {
  const effective = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] as string;
  return ((BigInt(`0x${effective}`) >> 24n) & 1n) === 1n;
}
