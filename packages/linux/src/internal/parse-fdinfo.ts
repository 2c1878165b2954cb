import { linuxConstants } from '@osx/native-ffi';

import type { EpollTarget, InotifyMark, ProcFdinfo, TimerfdState } from '../proc/proc-fdinfo.ts';
import { parseProcLocks } from './parse-proc-locks.ts';
import { kernelDevice } from './proc-text.ts';
import { parseSignalSet } from './signal-set.ts';

/** Reads /proc/PID/fdinfo/FD. */
export function parseFdinfo(bytes: Buffer): ProcFdinfo {
  const fields = new Map<string, string[]>();
  const lines = bytes.toString('latin1').split('\n');
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const key = line.slice(0, colon).trim();
    const values = fields.get(key);
    if (values === undefined) fields.set(key, [line.slice(colon + 1).trim()]);
    else values.push(line.slice(colon + 1).trim());
  }
  const first = (key: string): string | undefined => fields.get(key)?.[0];
  const decimal = (key: string): number | undefined => {
    const text = first(key);
    return text === undefined ? undefined : Number(text);
  };
  const flags = Number.parseInt(first('flags') ?? '0', 8);
  const ino = first('ino');
  const sigmask = first('sigmask');
  return {
    pos: BigInt(first('pos') ?? '0'),
    flags,
    isCloseOnExec: (flags & linuxConstants().O_CLOEXEC) !== 0,
    mntId: decimal('mnt_id'),
    ino: ino === undefined ? undefined : BigInt(ino),
    locks: parseProcLocks(fields.get('lock') ?? []),
    inotify: inotifyMarks(lines),
    eventfd: eventfd(first('eventfd-count'), decimal('eventfd-id'), first('eventfd-semaphore')),
    epoll: epollTargets(lines),
    timerfd: timerfd(first, decimal),
    signalfd: sigmask === undefined ? undefined : parseSignalSet(sigmask),
    pidfd: pidfd(decimal('Pid'), first('NSpid')),
    fields,
  };
}

function inotifyMarks(lines: readonly string[]): InotifyMark[] {
  return lines.flatMap((line) => {
    const [matched, wd = '', ino, sdev = '', mask = ''] =
      /^inotify wd:([0-9a-f]+) ino:([0-9a-f]+) sdev:([0-9a-f]+) mask:([0-9a-f]+)/.exec(line) ?? [];
    if (matched === undefined) return [];
    return {
      wd: Number.parseInt(wd, 16),
      inode: BigInt(`0x${ino}`),
      device: kernelDevice(sdev),
      mask: Number.parseInt(mask, 16),
    };
  });
}

function epollTargets(lines: readonly string[]): EpollTarget[] {
  return lines.flatMap((line) => {
    const [matched, fd, events = '', data, pos, ino, sdev = ''] =
      /^tfd:\s*(\d+) events:\s*([0-9a-f]+) data:\s*([0-9a-f]+)(?:\s+pos:\s*(-?\d+) ino:\s*([0-9a-f]+) sdev:\s*([0-9a-f]+))?/.exec(
        line,
      ) ?? [];
    if (matched === undefined) return [];
    return {
      fd: Number(fd),
      events: Number.parseInt(events, 16),
      data: BigInt(`0x${data}`),
      pos: BigInt(pos ?? '0'),
      inode: BigInt(`0x${ino ?? '0'}`),
      device: kernelDevice(sdev === '' ? '0' : sdev),
    };
  });
}

function eventfd(
  count: string | undefined,
  id: number | undefined,
  semaphore: string | undefined,
): ProcFdinfo['eventfd'] {
  if (count === undefined) return undefined;
  return { count: BigInt(`0x${count}`), id, isSemaphore: semaphore === undefined ? undefined : semaphore === '1' };
}

type First = (key: string) => string | undefined;

function timerfd(first: First, decimal: (key: string) => number | undefined): TimerfdState | undefined {
  const clockId = decimal('clockid');
  if (clockId === undefined || first('it_value') === undefined) return undefined;
  return {
    clockId,
    ticks: BigInt(first('ticks') ?? '0'),
    settimeFlags: Number.parseInt(first('settime flags') ?? '0', 8),
    valueNs: nanoseconds(first('it_value')),
    intervalNs: nanoseconds(first('it_interval')),
  };
}

/** `(seconds, nanoseconds)`. */
function nanoseconds(text: string | undefined): bigint {
  const [, seconds = '0', rest = '0'] = /^\((\d+), (\d+)\)$/.exec(text ?? '') ?? [];
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}

function pidfd(pid: number | undefined, nsPid: string | undefined): ProcFdinfo['pidfd'] {
  return pid === undefined ? undefined : { pid, nsPid: (nsPid?.match(/-?\d+/g) ?? []).map(Number) };
}
