import type { DeviceNumber } from '../proc/device-number.ts';
import type { ProcStat } from '../proc/proc-stat.ts';
import type { KernelUnits } from './auxv.ts';

const PF_KTHREAD = 0x0020_0000;

/** Reads /proc/PID/stat; fields that an old kernel lacks are 0. */
export function parseProcStat(bytes: Buffer, { pageBytes, ticksPerSecond }: KernelUnits): ProcStat {
  // The name may hold any character, parentheses, blanks and newlines included; no field behind it holds a parenthesis.
  const open = bytes.indexOf('(');
  const close = bytes.lastIndexOf(')');
  const commBytes = bytes.subarray(open + 1, close);
  const rest = bytes
    .toString('latin1', close + 1)
    .trim()
    .split(' ');
  const text = (field: number): string => rest[field - 3] ?? '0';
  const number = (field: number): number => Number(text(field));
  const big = (field: number): bigint => BigInt(text(field));
  const milliseconds = (field: number): number => (number(field) * 1000) / ticksPerSecond;
  return {
    pid: Number.parseInt(bytes.toString('latin1', 0, open), 10),
    comm: commBytes.toString('utf8'),
    commBytes: Buffer.from(commBytes),
    state: text(3),
    ppid: number(4),
    pgrp: number(5),
    session: number(6),
    ttyNr: number(7),
    tpgid: number(8),
    flags: number(9),
    minflt: number(10),
    cminflt: number(11),
    majflt: number(12),
    cmajflt: number(13),
    utime: number(14),
    stime: number(15),
    cutime: number(16),
    cstime: number(17),
    priority: number(18),
    nice: number(19),
    numThreads: number(20),
    itrealvalue: number(21),
    starttime: number(22),
    vsize: number(23),
    rss: number(24),
    rsslim: big(25),
    startcode: big(26),
    endcode: big(27),
    startstack: big(28),
    kstkesp: big(29),
    kstkeip: big(30),
    signal: number(31),
    blocked: number(32),
    sigignore: number(33),
    sigcatch: number(34),
    wchan: big(35),
    nswap: number(36),
    cnswap: number(37),
    exitSignal: number(38),
    processor: number(39),
    rtPriority: number(40),
    policy: number(41),
    delayacctBlkioTicks: number(42),
    guestTime: number(43),
    cguestTime: number(44),
    startData: big(45),
    endData: big(46),
    startBrk: big(47),
    argStart: big(48),
    argEnd: big(49),
    envStart: big(50),
    envEnd: big(51),
    exitCode: number(52),
    tty: ttyDevice(number(7)),
    isKernelThread: (number(9) & PF_KTHREAD) !== 0,
    userTimeMs: milliseconds(14),
    systemTimeMs: milliseconds(15),
    childrenUserTimeMs: milliseconds(16),
    childrenSystemTimeMs: milliseconds(17),
    startTimeMs: milliseconds(22),
    rssBytes: number(24) * pageBytes,
  };
}

/** The encoding of device numbers for user space (new_encode_dev): the minor's upper bits are above the major. */
function ttyDevice(ttyNr: number): DeviceNumber | null {
  if (ttyNr === 0) return null;
  const device = ttyNr >>> 0;
  return { major: (device >>> 8) & 0xfff, minor: (device & 0xff) | ((device >>> 12) & 0xf_ff00) };
}
