import type { ProcIds, ProcStatus } from '../proc/proc-status.ts';
import { parseAmount, parseColonLines, utf8 } from './proc-text.ts';
import { parseSignalSet } from './signal-set.ts';

const SECCOMP = ['disabled', 'strict', 'filter'] as const;

/** Reads /proc/PID/status. */
export function parseProcStatus(bytes: Buffer): ProcStatus {
  const fields = parseColonLines(bytes.toString('latin1'));
  // The name may begin or end with blanks.
  const name = /^Name:\t(.*)$/m.exec(bytes.toString('latin1'))?.[1] ?? '';
  fields.set('Name', utf8(name));
  const text = (key: string): string => fields.get(key) ?? '';
  const number = (key: string): number => Number.parseInt(text(key), 10);
  const optional = (key: string): number | undefined => parseAmount(fields.get(key));
  const numbers = (key: string): number[] => (text(key).match(/-?\d+/g) ?? []).map(Number);
  const signals = (key: string) => parseSignalSet(text(key) || '0');
  const capabilities = (key: string): bigint => BigInt(`0x${text(key) || '0'}`);
  const [queued = '0', queueLimit = '0'] = text('SigQ').split('/');
  const seccomp = optional('Seccomp');
  return {
    name: utf8(unescapeName(name)),
    umask: fields.has('Umask') ? Number.parseInt(text('Umask'), 8) : undefined,
    state: text('State').slice(0, 1),
    tgid: number('Tgid'),
    pid: number('Pid'),
    ppid: number('PPid'),
    tracerPid: number('TracerPid'),
    uid: ids(numbers('Uid')),
    gid: ids(numbers('Gid')),
    fdSize: optional('FDSize'),
    groups: numbers('Groups'),
    nsTgid: numbers('NStgid'),
    nsPid: numbers('NSpid'),
    nsPgid: numbers('NSpgid'),
    nsSid: numbers('NSsid'),
    vmPeakBytes: optional('VmPeak'),
    vmSizeBytes: optional('VmSize'),
    vmLckBytes: optional('VmLck'),
    vmHwmBytes: optional('VmHWM'),
    vmRssBytes: optional('VmRSS'),
    rssAnonBytes: optional('RssAnon'),
    rssFileBytes: optional('RssFile'),
    rssShmemBytes: optional('RssShmem'),
    vmDataBytes: optional('VmData'),
    vmStkBytes: optional('VmStk'),
    vmSwapBytes: optional('VmSwap'),
    threads: number('Threads'),
    sigQueued: Number(queued),
    sigQueueLimit: BigInt(queueLimit),
    sigPnd: signals('SigPnd'),
    shdPnd: signals('ShdPnd'),
    sigBlk: signals('SigBlk'),
    sigIgn: signals('SigIgn'),
    sigCgt: signals('SigCgt'),
    capInh: capabilities('CapInh'),
    capPrm: capabilities('CapPrm'),
    capEff: capabilities('CapEff'),
    capBnd: capabilities('CapBnd'),
    capAmb: fields.has('CapAmb') ? capabilities('CapAmb') : undefined,
    noNewPrivs: fields.has('NoNewPrivs') ? text('NoNewPrivs') === '1' : undefined,
    seccomp: seccomp === undefined ? undefined : SECCOMP[seccomp],
    seccompFilters: optional('Seccomp_filters'),
    cpusAllowedList: fields.get('Cpus_allowed_list'),
    memsAllowedList: fields.get('Mems_allowed_list'),
    voluntaryCtxtSwitches: optional('voluntary_ctxt_switches'),
    nonvoluntaryCtxtSwitches: optional('nonvoluntary_ctxt_switches'),
    fields,
  };
}

function ids([real = -1, effective = -1, saved = -1, filesystem = -1]: readonly number[]): ProcIds {
  return { real, effective, saved, filesystem };
}

/** The kernel writes a newline of a name as `\n` and a backslash as `\\`. */
function unescapeName(name: string): string {
  return name.replaceAll(/\\([n\\])/g, (_, character: string) => (character === 'n' ? '\n' : '\\'));
}
