import { checkInteger, checkInteger64, checkOneOf, checkOptions, invalidArgType, outOfRange } from '@osx/errors';
import { currentTarget, darwinConstants, linuxConstantsFor } from '@osx/native-ffi';
import type { Target } from '@osx/native-ffi';

import type { RecordLock } from '../record-lock.ts';
import { checkRange } from './check-range.ts';
import { flockStruct } from './flock-struct.ts';
import { safeNumber } from './safe-number.ts';

const TYPES = ['read', 'write', 'unlock'] as const;
const WHENCES = ['start', 'current', 'end'] as const;

/** `packRecordLock` for any target, so that layouts can be tested where they cannot be run. */
export function packRecordLockFor(lock: RecordLock, target: Target): Buffer {
  const given = checkOptions('lock', lock);
  const type = checkOneOf('lock.type', given.type, TYPES);
  const whence = checkOneOf('lock.whence', given.whence ?? 'start', WHENCES);
  const { start, length } = checkRecordRange(given, whence);
  const numbers = numbersOf(target);
  return flockStruct.pack(
    {
      l_type: numbers.types[TYPES.indexOf(type)] as number,
      l_whence: numbers.whences[WHENCES.indexOf(whence)] as number,
      l_start: start,
      l_len: length,
      l_pid: checkInteger('lock.pid', given.pid ?? 0, { min: -(2 ** 31), max: 2 ** 31 - 1 }),
    },
    target,
  );
}

/** `unpackRecordLock` for any target. */
export function unpackRecordLockFor(bytes: Uint8Array, target: Target): Required<RecordLock> {
  if (!(bytes instanceof Uint8Array)) throw invalidArgType('bytes', 'an instance of Uint8Array', bytes);
  const size = flockStruct.size(target);
  if (bytes.length < size) throw outOfRange('bytes.length', `>= ${size}`, bytes.length);
  const { l_type, l_whence, l_start, l_len, l_pid } = flockStruct.unpack(bytes, target);
  const numbers = numbersOf(target);
  const type = TYPES[numbers.types.indexOf(l_type)];
  const whence = WHENCES[numbers.whences.indexOf(l_whence)];
  if (type === undefined) throw outOfRange('bytes.l_type', `one of ${numbers.types.join(', ')}`, l_type);
  if (whence === undefined) throw outOfRange('bytes.l_whence', `one of ${numbers.whences.join(', ')}`, l_whence);
  return { type, whence, start: safeNumber(l_start), length: safeNumber(l_len), pid: l_pid };
}

/** Only the kernel knows where `current` and `end` are: for those it checks the range (EINVAL, EOVERFLOW). */
function checkRecordRange(lock: Partial<RecordLock>, whence: RecordLock['whence']): { start: bigint; length: bigint } {
  if (whence === 'start') return checkRange('lock', lock, { negativeLength: true });
  return {
    start: checkInteger64('lock.start', lock.start ?? 0),
    length: checkInteger64('lock.length', lock.length ?? 0),
  };
}

function numbersOf(target: Target): { types: number[]; whences: number[] } {
  const { F_RDLCK, F_WRLCK, F_UNLCK, SEEK_SET, SEEK_CUR, SEEK_END } = target.startsWith('darwin')
    ? darwinConstants()
    : linuxConstantsFor(target === 'linux-arm64' ? 'arm64' : 'x64');
  return { types: [F_RDLCK, F_WRLCK, F_UNLCK], whences: [SEEK_SET, SEEK_CUR, SEEK_END] };
}

/** `packRecordLock` for this process. */
export function packForThisProcess(lock: RecordLock): Buffer {
  return packRecordLockFor(lock, currentTarget());
}
