import type { DeviceNumber } from '../proc/device-number.ts';
import type { ProcLock } from '../proc/proc-lock.ts';

const KINDS: Readonly<Record<string, string>> = { OFDLCK: 'ofd' };

/** `1: -> POSIX  ADVISORY  WRITE 30047 fe:00:2212981 5 14`; who waits behind a waiter is indented more. */
const LINE = /^\s*(\d+):\s+(->\s+)?(\S+)\s+(\S+)\s+(\S+)\s+(-?\d+) (\S+) (\d+) (\d+|EOF)$/;

/** Reads /proc/locks, or what stands behind `lock:` in an fdinfo; what is no lock line is passed over. */
export function parseProcLocks(lines: readonly string[]): ProcLock[] {
  return lines.map(parseLine).filter((lock) => lock !== undefined);
}

function parseLine(line: string): ProcLock | undefined {
  const [matched, id, waits, kind = '', mode = '', type = '', pid, file = '', start = '', end = ''] =
    LINE.exec(line) ?? [];
  if (matched === undefined) return undefined;
  return {
    id: Number(id),
    isBlocked: waits !== undefined,
    kind: KINDS[kind] ?? kind.toLowerCase(),
    mode: mode.toLowerCase(),
    type: type.toLowerCase(),
    pid: Number(pid) > 0 ? Number(pid) : null,
    ...lockedFile(file),
    start: BigInt(start),
    end: end === 'EOF' ? null : BigInt(end),
  };
}

function lockedFile(text: string): { device: DeviceNumber | null; inode: bigint | null } {
  const [major, minor, inode] = text.split(':');
  if (major === undefined || minor === undefined || inode === undefined) return { device: null, inode: null };
  return {
    device: { major: Number.parseInt(major, 16), minor: Number.parseInt(minor, 16) },
    inode: BigInt(inode),
  };
}
