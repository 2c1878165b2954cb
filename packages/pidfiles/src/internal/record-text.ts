import { readFileSync } from 'node:fs';

import type { PidfileRecord, RecordedIdentity, RecordInfo, RecordOrigin } from '../pidfile-record.ts';
import { invalidPidfile } from './invalid-pidfile.ts';
import { oneWord } from './one-word.ts';
import { ownSurroundings } from './process-facts.ts';
import type { ProcessFacts } from './process-facts.ts';

/** More than this is no pidfile: it is not even read. */
export const MAX_RECORD_BYTES = 4096;

/** <linux/threads.h>: the most that pid_max can be set to. */
const PID_MAX_LIMIT = 2 ** 22;

/** The pid on a line of its own, for every tool that knows no more than that; then one line of JSON. */
export function formatRecord(pid: number, facts: ProcessFacts, info: RecordInfo | undefined): string {
  return `${pid}\n${oneWord(JSON.stringify({ ...facts, info }))}\n`;
}

/**
 * Reads a record. Strict where a wrong reading would hit somebody else: the first line is a pid in decimal and nothing
 * besides, or all of it is garbage. Further lines are other programs' matter unless the second one is JSON.
 *
 * @param bytes At most one more than {@link MAX_RECORD_BYTES}.
 * @returns null when there is nothing.
 * @throws {SystemError} ERR_OSX_INVALID_PIDFILE.
 */
export function parseRecord(bytes: Buffer, path: string | Buffer): PidfileRecord | null {
  if (bytes.length === 0) return null;
  if (bytes.length > MAX_RECORD_BYTES) throw invalidPidfile(path, `has more than ${MAX_RECORD_BYTES} bytes`);
  if (bytes.includes(0)) throw invalidPidfile(path, 'contains a null byte');
  const [first = '', second = ''] = bytes.toString('utf8').split('\n', 2);
  const pid = parsePid(first, path);
  const facts = second.startsWith('{') ? parseFacts(second, path) : {};
  return { pid, origin: originOf(facts), ...facts };
}

function parsePid(line: string, path: string | Buffer): number {
  if (!/^[1-9]\d{0,9}$/.test(line)) {
    throw invalidPidfile(path, `does not begin with a pid on a line of its own: ${JSON.stringify(line.slice(0, 20))}`);
  }
  const pid = Number(line);
  const max = highestPid();
  if (pid > max) throw invalidPidfile(path, `names pid ${pid}, beyond the highest there can be (${max})`);
  return pid;
}

function highestPid(): number {
  if (process.platform !== 'linux') return 2 ** 31 - 1;
  try {
    return Number(readFileSync('/proc/sys/kernel/pid_max', 'latin1')) - 1;
  } catch {
    return PID_MAX_LIMIT - 1;
  }
}

type RecordedFacts = Omit<PidfileRecord, 'pid' | 'origin'>;

function parseFacts(line: string, path: string | Buffer): RecordedFacts {
  let facts: Record<string, unknown>;
  try {
    facts = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw invalidPidfile(path, 'has a second line that begins as JSON and is none');
  }
  for (const [name, isRight] of Object.entries(KNOWN)) {
    const value = facts[name];
    if (value !== undefined && !isRight(value)) throw invalidPidfile(path, `has a wrong "${name}" in its second line`);
  }
  const known = Object.keys(KNOWN).filter((name) => facts[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, facts[name]])) as RecordedFacts;
}

const KNOWN: Readonly<Record<keyof RecordedFacts, (value: unknown) => boolean>> = {
  startTime: isDecimal,
  bootId: (value) => typeof value === 'string' && value !== '',
  pidNamespace: isDecimal,
  identity: isIdentity,
  info: isPlainObject,
};

function isDecimal(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,20}$/.test(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIdentity(value: unknown): value is RecordedIdentity {
  if (!isPlainObject(value)) return false;
  const { bootId, pid, inode, handle } = value;
  const isHandle = handle === undefined || (typeof handle === 'string' && /^(?:[0-9a-f]{2})+$/.test(handle));
  return typeof bootId === 'string' && Number.isSafeInteger(pid) && isDecimal(inode) && isHandle;
}

function originOf({ bootId, pidNamespace }: RecordedFacts): RecordOrigin {
  const here = ownSurroundings();
  if (bootId === undefined || here.bootId === undefined) return 'unknown';
  if (bootId !== here.bootId) return 'other-boot';
  if (pidNamespace === undefined || here.pidNamespace === undefined) return 'unknown';
  return pidNamespace === here.pidNamespace ? 'here' : 'other-pid-namespace';
}
