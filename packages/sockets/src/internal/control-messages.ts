import { linuxConstants } from '@osx/native-ffi';

import type { Credentials } from '../credentials.ts';
import { cmsghdr, ucred } from './structs.ts';

/** SCM_MAX_FD of the kernel: what one message carries. */
export const MOST_FDS = 253;
const FD_BYTES = 4;
/** SCM_PIDFD of <linux/socket.h>, Linux 6.5: somebody who shares the socket asked for it (SO_PASSPIDFD). */
const SCM_PIDFD = 4;

export interface ControlMessages {
  readonly fds: number[];
  /** Descriptors that came without being asked for, beyond `maxFds` or of another kind. */
  readonly surplus: number[];
  readonly credentials: Credentials | undefined;
}

/** CMSG_SPACE(3). */
function space(dataBytes: number): number {
  return aligned(cmsghdr.size() + dataBytes);
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** Room for all that was sent, with alignment, and what else the kernel may add. */
export function mostControlBytes(): number {
  return space(MOST_FDS * FD_BYTES) + space(ucred.size()) + space(FD_BYTES) + 512;
}

export function encodeControl(fds: readonly number[], credentials: Credentials | undefined): Buffer {
  const { SCM_RIGHTS, SCM_CREDENTIALS } = linuxConstants();
  const parts: Buffer[] = [];
  if (credentials !== undefined) parts.push(encodeOne(SCM_CREDENTIALS, ucred.pack(credentials)));
  if (fds.length > 0) {
    const numbers = Buffer.alloc(fds.length * FD_BYTES);
    for (const [index, fd] of fds.entries()) numbers.writeInt32LE(fd, index * FD_BYTES);
    parts.push(encodeOne(SCM_RIGHTS, numbers));
  }
  return Buffer.concat(parts);
}

function encodeOne(type: number, data: Buffer): Buffer {
  const bytes = Buffer.alloc(space(data.byteLength));
  const cmsg_len = BigInt(cmsghdr.size() + data.byteLength);
  bytes.set(cmsghdr.pack({ cmsg_len, cmsg_level: linuxConstants().SOL_SOCKET, cmsg_type: type }));
  bytes.set(data, cmsghdr.size());
  return bytes;
}

/**
 * The space for `maxFds` descriptors and no more. CMSG_SPACE would not do: it rounds up to a multiple of 8, and the kernel
 * fills the padding of one descriptor with a second.
 */
export function controlBytesFor(maxFds: number, withCredentials: boolean): number {
  return (withCredentials ? space(ucred.size()) : 0) + (maxFds > 0 ? cmsghdr.size() + maxFds * FD_BYTES : 0);
}

export function decodeControl(bytes: Buffer, maxFds: number): ControlMessages {
  const { SOL_SOCKET, SCM_RIGHTS, SCM_CREDENTIALS } = linuxConstants();
  const headerBytes = cmsghdr.size();
  const fds: number[] = [];
  const surplus: number[] = [];
  let credentials: Credentials | undefined;
  for (let start = 0; start + headerBytes <= bytes.byteLength;) {
    const { cmsg_len, cmsg_level, cmsg_type } = cmsghdr.unpack(bytes.subarray(start));
    const end = Math.min(start + Number(cmsg_len), bytes.byteLength);
    if (end < start + headerBytes) break;
    const data = bytes.subarray(start + headerBytes, end);
    if (cmsg_level === SOL_SOCKET && cmsg_type === SCM_RIGHTS) fds.push(...descriptors(data));
    else if (cmsg_level === SOL_SOCKET && cmsg_type === SCM_PIDFD) surplus.push(...descriptors(data));
    else if (cmsg_level === SOL_SOCKET && cmsg_type === SCM_CREDENTIALS && data.byteLength >= ucred.size()) {
      credentials = ucred.unpack(data);
    }
    start = aligned(end);
  }
  surplus.push(...fds.splice(maxFds));
  return { fds, surplus, credentials };
}

/** SCM_PIDFD carries a negative errno where there is no pidfd. */
function descriptors(data: Buffer): number[] {
  const count = Math.floor(data.byteLength / FD_BYTES);
  return Array.from({ length: count }, (_, index) => data.readInt32LE(index * FD_BYTES)).filter((fd) => fd >= 0);
}
