import { readRecord } from './heartbeat-record.ts';
import type { HeartbeatRecord, Reading } from './heartbeat-record.ts';
import { monotonicNs, ownClockDomain } from './monotonic-clock.ts';

const NS_PER_MS = 1_000_000;

/** Looks at a heartbeat file and judges it. */
export class HeartbeatReader {
  readonly #path: string | Buffer;
  readonly #ttlMs: number;
  readonly #isPinned: boolean;
  #writer: string | undefined;
  /** Of the last beat that counted, and of an excuse. */
  #aliveUntilMs = -Infinity;

  constructor(path: string | Buffer, { ttlMs, isPinned }: { readonly ttlMs: number; readonly isPinned: boolean }) {
    this.#path = path;
    this.#ttlMs = ttlMs;
    this.#isPinned = isPinned;
  }

  /** The first look, which finds out whose beats they are. Throws when it cannot be had. */
  begin(): void {
    const reading = readRecord(this.#path);
    if (reading.state === 'unreadable') throw reading.error;
    this.#judge(reading);
  }

  /** How long the last beat seen holds. */
  leftMs(): number {
    return this.#aliveUntilMs - nowMs();
  }

  /** The writer was held up as this process was: it gets the time to beat once more. */
  excuse(): void {
    this.#aliveUntilMs = nowMs() + this.#ttlMs;
  }

  /** Looks; undefined when all is well. */
  reason(): string | undefined {
    return this.#judge(readRecord(this.#path));
  }

  #judge(reading: Reading): string | undefined {
    const name = this.#path.toString();
    if (reading.state === 'missing') return `${name} is missing`;
    if (reading.state === 'garbage') return `${name} is no heartbeat`;
    if (reading.state === 'unreadable') {
      return this.leftMs() > 0 ? undefined : `${name} cannot be read: ${reading.error.message}`;
    }
    const { record } = reading;
    const incomparable = this.#incomparable(record);
    if (incomparable !== undefined) return `${name} ${incomparable}`;
    this.#writer ??= record.writer;
    this.#aliveUntilMs = Math.max(this.#aliveUntilMs, Number(record.monotonicNs) / NS_PER_MS + this.#ttlMs);
    const leftMs = this.leftMs();
    return leftMs > 0 ? undefined : `${name} had its last beat more than ${this.#ttlMs} ms ago`;
  }

  #incomparable({ writer, bootId, timeNamespace, monotonicNs: beatNs }: HeartbeatRecord): string | undefined {
    const here = ownClockDomain();
    if (bootId !== here.bootId) return 'was written in another boot';
    if (timeNamespace !== here.timeNamespace) return 'was written in another time namespace';
    if (beatNs > monotonicNs()) return 'is of the future';
    const isOther = this.#isPinned && this.#writer !== undefined && writer !== this.#writer;
    return isOther ? 'is beaten by another process' : undefined;
  }
}

function nowMs(): number {
  return Number(monotonicNs()) / NS_PER_MS;
}
