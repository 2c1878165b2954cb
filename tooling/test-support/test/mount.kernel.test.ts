import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { mountImage, mountTmpfs, needs, spawnFixture } from '@osx/test-support';

const mounted = (path: string): boolean => readFileSync('/proc/self/mounts', 'utf8').includes(` ${path} `);

needs('mount').test('a tmpfs is full at its size and gone after its disposal', () => {
  let path;
  {
    using disk = mountTmpfs({ sizeBytes: 1 << 20 });
    path = disk.path;
    expect(mounted(path)).toBe(true);
    expect(() => writeFileSync(join(path, 'big'), Buffer.alloc(2 << 20))).toThrow(/ENOSPC/);
  }
  expect(mounted(path)).toBe(false);
  expect(existsSync(path)).toBe(false);
});

needs('mount').test('a read-only tmpfs refuses writes', () => {
  using disk = mountTmpfs({ sizeBytes: 1 << 20, readOnly: true });
  expect(() => writeFileSync(join(disk.path, 'file'), '')).toThrow(/EROFS/);
});

needs('mount').test('a mount that is busy at its disposal is detached, and the failure names the mount', async () => {
  const disk = mountTmpfs({ sizeBytes: 1 << 20 });
  await using _user = await spawnFixture(new URL('./fixtures/echo.ts', import.meta.url), [], { cwd: disk.path });
  expect(() => disk[Symbol.dispose]()).toThrow(/busy/);
  expect(mounted(disk.path)).toBe(false);
  expect(existsSync(disk.path)).toBe(false);
});

for (const type of ['ext4', 'xfs'] as const) {
  const guarded = type === 'xfs' ? needs('loop-mount', 'python3', 'xfsprogs') : needs('loop-mount', 'python3');

  guarded.test(`${type}: what was not synced is lost at a power cut, what was synced stays`, async () => {
    using disk = mountImage(type);
    const synced = join(disk.path, 'synced');
    const unsynced = join(disk.path, 'unsynced');
    writeFileSync(synced, 'kept', { flush: true });
    writeFileSync(unsynced, 'lost');
    await disk.shutdown();
    expect(() => writeFileSync(synced, 'too late', { flush: true })).toThrow(/EIO/);
    disk.remount();
    expect(readFileSync(synced, 'utf8')).toBe('kept');
    expect(existsSync(unsynced)).toBe(false);
    disk.checkFileSystem();
    writeFileSync(unsynced, 'writable again');
  });

  guarded.test(`${type}: a remount without a power cut loses nothing`, () => {
    using disk = mountImage(type);
    writeFileSync(join(disk.path, 'file'), 'kept');
    disk.remount();
    expect(readFileSync(join(disk.path, 'file'), 'utf8')).toBe('kept');
  });

  guarded.test(`${type}: the disposal takes the loop device and the image with it`, () => {
    const disk = mountImage(type);
    mkdirSync(join(disk.path, 'directory'));
    const image = join(disk.path, '../image');
    const backing = () =>
      readdirSync('/sys/block')
        .map((name) => `/sys/block/${name}/loop/backing_file`)
        .filter((file) => existsSync(file))
        // The kernel marks an image that was removed under its device with ' (deleted)'.
        .map((file) =>
          readFileSync(file, 'utf8')
            .trim()
            .replace(/ \(deleted\)$/, ''),
        );
    const resolved = disk.path.replace(/mnt$/, 'image');
    expect(backing()).toContain(resolved);
    disk[Symbol.dispose]();
    expect(backing()).not.toContain(resolved);
    expect(existsSync(image)).toBe(false);
  });
}
