import type { SignalSet } from '../proc/proc-status.ts';
import { signalName } from './signal-number.ts';

/** What glibc calls SIGRTMIN; the kernel's first real-time signals are its own. */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** A signal mask of /proc, in hexadecimal. */
export function parseSignalSet(hex: string): SignalSet {
  const mask = BigInt(`0x${hex}`);
  const names: string[] = [];
  for (let rest = mask, number = 1; rest !== 0n; rest >>= 1n, number += 1) {
    if ((rest & 1n) === 1n) names.push(nameOf(number));
  }
  return { mask, names };
}

function nameOf(number: number): string {
  if (number < SIGRTMIN) return signalName(number);
  if (number === SIGRTMAX) return 'SIGRTMAX';
  return number === SIGRTMIN ? 'SIGRTMIN' : `SIGRTMIN+${number - SIGRTMIN}`;
}
