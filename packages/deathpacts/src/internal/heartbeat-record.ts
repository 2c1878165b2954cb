import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

import { asSystemError, hasCode } from '@osx/errors';

import type { ClockDomain } from './monotonic-clock.ts';

const MOST_BYTES = 4_096;
const NUMBER = /^(?:0|[1-9]\d{0,19})$/;

/** One beat. */
export interface HeartbeatRecord extends ClockDomain {
  /** Random, of one {@link HeartbeatFile}: a pid may be another's, or of another pid namespace. */
  readonly writer: string;
  readonly pid: number;
  readonly monotonicNs: bigint;
}

/** What a look at the file found. */
export type Reading =
  | { readonly state: 'record'; readonly record: HeartbeatRecord }
  | { readonly state: 'missing' }
  | { readonly state: 'garbage' }
  | { readonly state: 'unreadable'; readonly error: Error };

export function formatRecord({ writer, pid, bootId, timeNamespace, monotonicNs }: HeartbeatRecord): string {
  return `${JSON.stringify({ writer, pid, bootId, timeNamespace, monotonicNs: String(monotonicNs) })}\n`;
}

/** The record, or undefined for what no {@link HeartbeatFile} wrote. */
function parseRecord(text: string): HeartbeatRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { writer, pid, bootId, timeNamespace, monotonicNs } = value as Record<string, unknown>;
  if (typeof writer !== 'string' || writer === '' || !Number.isInteger(pid)) return undefined;
  if (!isTextOrNull(bootId) || !isTextOrNull(timeNamespace)) return undefined;
  if (typeof monotonicNs !== 'string' || !NUMBER.test(monotonicNs)) return undefined;
  return { writer, pid: pid as number, bootId, timeNamespace, monotonicNs: BigInt(monotonicNs) };
}

/** Reads a heartbeat file, whatever may be in its place: a FIFO does not block, a huge file is not read. */
export function readRecord(path: string | Buffer): Reading {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return { state: 'missing' };
    return { state: 'unreadable', error: asSystemError(error) as Error };
  }
  try {
    if (!fstatSync(fd).isFile()) return { state: 'garbage' };
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    const count = readSync(fd, bytes, 0, bytes.length, 0);
    const record = count > MOST_BYTES ? undefined : parseRecord(bytes.toString('utf8', 0, count));
    return record === undefined ? { state: 'garbage' } : { state: 'record', record };
  } catch (error) {
    return { state: 'unreadable', error: asSystemError(error) as Error };
  } finally {
    closeSync(fd);
  }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
