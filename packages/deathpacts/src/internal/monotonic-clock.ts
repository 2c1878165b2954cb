import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Where a reading of CLOCK_MONOTONIC means the same to two processes: it counts from zero in every boot, and a time
 * namespace (Linux 5.6) sets it off. null where the system does not tell.
 */
export interface ClockDomain {
  readonly bootId: string | null;
  readonly timeNamespace: string | null;
}

let own: ClockDomain | undefined;

/** Of this process; neither changes while it lives. */
export function ownClockDomain(): ClockDomain {
  own ??= {
    bootId: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    timeNamespace: attempt(() => /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/time'))?.[1]),
  };
  return own;
}

/** CLOCK_MONOTONIC in nanoseconds. Nobody can set it, and it stands still while the machine is suspended. */
export function monotonicNs(): bigint {
  return process.hrtime.bigint();
}

function attempt(read: () => string | undefined): string | null {
  try {
    return read() ?? null;
  } catch {
    return null;
  }
}
