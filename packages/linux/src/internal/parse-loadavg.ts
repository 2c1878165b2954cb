import type { Loadavg } from '../proc/loadavg.ts';

/** Reads /proc/loadavg: `0.20 0.18 0.12 1/80 11206`. */
export function parseLoadavg(text: string): Loadavg {
  const [one, five, fifteen, tasks = '', lastPid] = text.trim().split(' ');
  const [runnable, total] = tasks.split('/').map(Number);
  return {
    averages: [Number(one), Number(five), Number(fifteen)],
    runnable: runnable ?? 0,
    total: total ?? 0,
    lastPid: Number(lastPid),
  };
}
