import { lstatSync, lutimesSync, statSync, utimesSync } from 'node:fs';

import { checkInteger64, invalidArgType, outOfRange, withSystemErrors } from '@osx/errors';
import { checked, defineCall, platformConstants, toCString, zeroOrError } from '@osx/native-ffi';

import { libcCalls } from './libc-calls.ts';
import { timespec } from './timespec.ts';

export type FileTime = 'now' | 'omit' | Date | number | bigint;

const utimensat = defineCall({
  name: 'utimensat',
  returns: 'int',
  parameters: ['int', 'pointer', 'pointer', 'int'],
  decode: zeroOrError,
});

const NS_PER_MS = 1_000_000n;
const NS_PER_S = 1_000_000_000n;
/** What a Date can hold. */
const MAX_MS = 8.64e15;

export function checkTime(name: string, time: unknown): void {
  if (time === 'now' || time === 'omit') return;
  if (typeof time === 'bigint') {
    checkInteger64(name, time);
    return;
  }
  if (!(time instanceof Date) && typeof time !== 'number') {
    throw invalidArgType(name, "'now', 'omit', a Date, a number or a bigint", time);
  }
  if (!(Math.abs(Number(time)) <= MAX_MS)) throw outOfRange(name, 'a time that a Date can hold', time);
}

export function setTimes(path: string | Buffer, access: FileTime, modification: FileTime, follow: boolean): void {
  if (!libcCalls.isAvailable()) return setByNode(path, access, modification, follow);
  const { AT_FDCWD, AT_SYMLINK_NOFOLLOW } = platformConstants();
  const times = Buffer.concat([access, modification].map((time) => timespec.pack(timespecOf(time))));
  checked(utimensat(AT_FDCWD, toCString(path), times, follow ? 0 : AT_SYMLINK_NOFOLLOW), 'utimensat', { path });
}

function timespecOf(time: FileTime): { tv_sec: bigint; tv_nsec: bigint } {
  const { UTIME_NOW, UTIME_OMIT } = platformConstants();
  if (time === 'now') return { tv_sec: 0n, tv_nsec: BigInt(UTIME_NOW) };
  if (time === 'omit') return { tv_sec: 0n, tv_nsec: BigInt(UTIME_OMIT) };
  const total = nanoseconds(time);
  const rest = ((total % NS_PER_S) + NS_PER_S) % NS_PER_S;
  return { tv_sec: (total - rest) / NS_PER_S, tv_nsec: rest };
}

function nanoseconds(time: Date | number | bigint): bigint {
  if (typeof time === 'bigint') return time;
  const milliseconds = Number(time);
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * NS_PER_MS + BigInt(Math.round((milliseconds - whole) * 1e6));
}

/** As exact as Node is, by its own clock. */
function setByNode(path: string | Buffer, access: FileTime, modification: FileTime, follow: boolean): void {
  withSystemErrors(() => {
    const stats = (follow ? statSync : lstatSync)(path);
    const seconds = (time: FileTime, kept: number): number => {
      if (time === 'omit') return kept / 1e3;
      return time === 'now' ? Date.now() / 1e3 : Number(nanoseconds(time)) / 1e9;
    };
    const set = follow ? utimesSync : lutimesSync;
    set(path, seconds(access, stats.atimeMs), seconds(modification, stats.mtimeMs));
  }, path);
}
