import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where files are written. */
export interface Place {
  readonly kind: 'tmpfs' | 'disk';
  readonly label: string;
  readonly path: string;
  [Symbol.dispose](): void;
}

const fileSystems: Readonly<Record<number, string>> = {
  0x01021994: 'tmpfs',
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x794c7630: 'overlayfs',
  0x2fc12fc1: 'zfs',
};

/** A directory on tmpfs and one on a disk, as far as the machine has them. */
export function places(): Place[] {
  const disk = [tmpdir(), '/var/tmp', homedir()].find((path) => existsSync(path) && fileSystemOf(path) !== 'tmpfs');
  const memory = ['/dev/shm', tmpdir()].find((path) => existsSync(path) && fileSystemOf(path) === 'tmpfs');
  return [
    ...(memory === undefined ? [] : [placeIn('tmpfs', memory)]),
    ...(disk === undefined ? [] : [placeIn('disk', disk)]),
  ];
}

function placeIn(kind: 'tmpfs' | 'disk', parent: string): Place {
  const path = mkdtempSync(join(parent, 'osx-bench-'));
  const label = kind === 'tmpfs' ? 'tmpfs' : `disk (${fileSystemOf(path)})`;
  return { kind, label, path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

function fileSystemOf(path: string): string {
  const { type } = statfsSync(path);
  return fileSystems[type] ?? `file system 0x${type.toString(16)}`;
}
