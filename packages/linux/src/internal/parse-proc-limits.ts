import type { ProcLimit } from '../proc/proc-limit.ts';

const NAMES: Readonly<Record<string, string>> = {
  'Max cpu time': 'RLIMIT_CPU',
  'Max file size': 'RLIMIT_FSIZE',
  'Max data size': 'RLIMIT_DATA',
  'Max stack size': 'RLIMIT_STACK',
  'Max core file size': 'RLIMIT_CORE',
  'Max resident set': 'RLIMIT_RSS',
  'Max processes': 'RLIMIT_NPROC',
  'Max open files': 'RLIMIT_NOFILE',
  'Max locked memory': 'RLIMIT_MEMLOCK',
  'Max address space': 'RLIMIT_AS',
  'Max file locks': 'RLIMIT_LOCKS',
  'Max pending signals': 'RLIMIT_SIGPENDING',
  'Max msgqueue size': 'RLIMIT_MSGQUEUE',
  'Max nice priority': 'RLIMIT_NICE',
  'Max realtime priority': 'RLIMIT_RTPRIO',
  'Max realtime timeout': 'RLIMIT_RTTIME',
};

const LINE = /^(Max .*?) {2,}(\d+|unlimited) +(\d+|unlimited) *(\S*) *$/;

/** Reads /proc/PID/limits; a limit that has no name here is under the kernel's words. */
export function parseProcLimits(text: string): Map<string, ProcLimit> {
  const limits = new Map<string, ProcLimit>();
  for (const line of text.split('\n')) {
    const [matched, words = '', soft = '', hard = '', unit = ''] = LINE.exec(line) ?? [];
    if (matched !== undefined) limits.set(NAMES[words] ?? words, { soft: amount(soft), hard: amount(hard), unit });
  }
  return limits;
}

function amount(text: string): bigint | null {
  return text === 'unlimited' ? null : BigInt(text);
}
