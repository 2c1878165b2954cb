import { checkBoolean, checkOneOf, checkOptions, invalidArgType, outOfRange } from '@osx/errors';
import { ownByNode, toCString } from '@osx/native-ffi';

import type { MemfdCreateOptions } from '../memfd/memfd-create-options.ts';
import { memfdCreateCall } from './memfd-calls.ts';
import {
  MAX_NAME_BYTES,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  MFD_EXEC,
  MFD_HUGETLB,
  MFD_HUGE_SHIFT,
  MFD_NOEXEC_SEAL,
} from './memfd-constants.ts';
import { memfdCreateError } from './memfd-create-error.ts';

const HUGE_PAGE_LOGARITHMS = [16, 19, 20, 21, 23, 24, 25, 28, 29, 30, 31, 34];

/** A memfd just made: its descriptor, owned by nobody yet, and the bytes of its name. */
export interface OpenedMemfd {
  readonly fd: number;
  readonly name: Buffer;
}

/** Checks the arguments of memfd_create and calls it. */
export function openMemfd(name: string | Buffer, options: MemfdCreateOptions | undefined): OpenedMemfd {
  const bytes = checkName(name);
  const { sealable = false, exec, hugetlb = false } = checkOptions('options', options);
  let flags = MFD_CLOEXEC;
  if (checkBoolean('options.sealable', sealable)) flags |= MFD_ALLOW_SEALING;
  if (exec !== undefined) flags |= checkBoolean('options.exec', exec) ? MFD_EXEC : MFD_NOEXEC_SEAL;
  const fd = memfdCreateCall(bytes, (flags | hugetlbBits(hugetlb)) >>> 0);
  if (fd < 0) throw memfdCreateError(fd, { exec, hugetlb: hugetlb !== false });
  return { fd: ownByNode(fd), name: bytes.subarray(0, -1) };
}

function checkName(name: string | Buffer): Buffer {
  if (typeof name !== 'string' && !Buffer.isBuffer(name)) throw invalidArgType('name', 'a string or a Buffer', name);
  const bytes = toCString(name);
  if (bytes.indexOf(0) !== bytes.length - 1 || bytes.length > MAX_NAME_BYTES + 1) {
    throw outOfRange('name', `at most ${MAX_NAME_BYTES} bytes without NUL`, name);
  }
  return bytes;
}

function hugetlbBits(hugetlb: boolean | number): number {
  if (typeof hugetlb === 'boolean') return hugetlb ? MFD_HUGETLB : 0;
  if (typeof hugetlb !== 'number') throw invalidArgType('options.hugetlb', 'of type boolean or number', hugetlb);
  const sizes = HUGE_PAGE_LOGARITHMS.map((logarithm) => 2 ** logarithm);
  const size = checkOneOf('options.hugetlb', hugetlb, sizes);
  return MFD_HUGETLB | (Math.log2(size) << MFD_HUGE_SHIFT);
}
