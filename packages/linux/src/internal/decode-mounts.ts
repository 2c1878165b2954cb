import type { MountInfo } from '../proc/mount-info.ts';
import { parseMountinfo } from './parse-mountinfo.ts';
import { utf8 } from './proc-text.ts';

/** The mounts of a mountinfo file, with names as text or as bytes. */
export function decodeMounts(bytes: Buffer, isBuffer: boolean): MountInfo[] | MountInfo<Buffer>[] {
  const mounts = parseMountinfo(bytes.toString('latin1'));
  return isBuffer ? mounts.map((mount) => namesAs(mount, toBytes)) : mounts.map((mount) => namesAs(mount, utf8));
}

function namesAs<Text extends string | Buffer>(mount: MountInfo, convert: (bytes: string) => Text): MountInfo<Text> {
  return {
    ...mount,
    root: convert(mount.root),
    mountPoint: convert(mount.mountPoint),
    source: convert(mount.source),
    superOptions: mount.superOptions.map(utf8),
  };
}

function toBytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
