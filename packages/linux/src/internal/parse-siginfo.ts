import { defineStruct } from '@osx/native-ffi';

import type { SignalInfo } from '../signalfd/signal-info.ts';
import { CLD_CODES, POLL_CODES, SI_CODES, SIGCHLD } from './signalfd-constants.ts';
import { signalfdName } from './signalfd-signals.ts';

const SIGNALFD_SIGINFO = {
  size: 128,
  fields: {
    ssi_signo: ['u32', 0],
    ssi_errno: ['i32', 4],
    ssi_code: ['i32', 8],
    ssi_pid: ['u32', 12],
    ssi_uid: ['u32', 16],
    ssi_fd: ['i32', 20],
    ssi_tid: ['u32', 24],
    ssi_band: ['u32', 28],
    ssi_overrun: ['u32', 32],
    ssi_trapno: ['u32', 36],
    ssi_status: ['i32', 40],
    ssi_int: ['i32', 44],
    ssi_ptr: ['u64', 48],
    ssi_utime: ['u64', 56],
    ssi_stime: ['u64', 64],
    ssi_addr: ['u64', 72],
  },
} as const;

/** `struct signalfd_siginfo` of <sys/signalfd.h>, without what only faults fill: their signals are refused. */
export const siginfoStruct = defineStruct('signalfd_siginfo', {
  'linux-x64': SIGNALFD_SIGINFO,
  'linux-arm64': SIGNALFD_SIGINFO,
});

const { SI_USER, SI_TIMER, SI_SIGIO, SI_TKILL } = SI_CODES;
/** NSIGCHLD and NSIGPOLL of the kernel: what is above, and positive, has a sender only. */
const MAX_SPECIFIC_CODE = 6;

/**
 * One record that a signalfd gave. Which of its fields the kernel fills depends on the code (siginfo_layout in
 * kernel/signal.c); the others are left out.
 */
export function parseSiginfo(bytes: Uint8Array): SignalInfo {
  const raw = siginfoStruct.unpack(bytes);
  const { ssi_signo: number, ssi_code: code } = raw;
  const isSpecific = code > SI_USER && code <= MAX_SPECIFIC_CODE;
  const base = {
    signal: signalfdName(number),
    signalNumber: number,
    code,
    codeName: codeName(number, code),
    errno: raw.ssi_errno,
  };
  const sender = { pid: raw.ssi_pid, uid: raw.ssi_uid };
  const value = { value: raw.ssi_int, pointer: raw.ssi_ptr };
  if (isSpecific && number === SIGCHLD) {
    const times = { userTicks: raw.ssi_utime, systemTicks: raw.ssi_stime };
    return { ...base, ...sender, status: raw.ssi_status, ...times };
  }
  if (isSpecific || code === SI_SIGIO) return { ...base, fd: raw.ssi_fd, band: raw.ssi_band };
  if (code === SI_TIMER) return { ...base, ...value, timerId: raw.ssi_tid, overrun: raw.ssi_overrun };
  if (code >= SI_USER || code === SI_TKILL) return { ...base, ...sender };
  return { ...base, ...sender, ...value };
}

function codeName(number: number, code: number): string | undefined {
  const isSpecific = code > SI_USER && code <= MAX_SPECIFIC_CODE;
  const specific = number === SIGCHLD ? CLD_CODES : POLL_CODES;
  return Object.entries(isSpecific ? specific : SI_CODES).find(([, value]) => value === code)?.[0];
}
