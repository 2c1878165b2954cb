import { DARWIN_SIGNALS } from './signals-darwin.ts';
import { FREEBSD_SIGNALS } from './signals-freebsd.ts';
import { LINUX_SIGNALS } from './signals-linux.ts';

/** The signals of one operating system. */
export interface SignalTable {
  /** Canonical names, in order of numbers, without the real-time signals. */
  readonly names: Readonly<Record<string, number>>;
  /** Second names that the system's headers have. */
  readonly aliases: Readonly<Record<string, number>>;
  /** Numbers of SIGRTMIN and SIGRTMAX, where the system has real-time signals. */
  readonly realtime?: readonly [min: number, max: number];
}

const TABLES: Readonly<Record<string, SignalTable>> = {
  linux: LINUX_SIGNALS,
  android: LINUX_SIGNALS,
  darwin: DARWIN_SIGNALS,
  freebsd: FREEBSD_SIGNALS,
};

let current: SignalTable | undefined;

/** The signals of the system that this process runs on. */
export function signalTable(): SignalTable {
  current ??= TABLES[process.platform] ?? tableOfNode(process.getBuiltinModule('node:os').constants.signals);
  return current;
}

/** What Node was compiled with, for a system without a table here; of synonyms the first is canonical. */
export function tableOfNode(signals: Readonly<Record<string, number>>): SignalTable {
  const names: Record<string, number> = {};
  const aliases: Record<string, number> = {};
  const seen = new Set<number>();
  for (const [name, number] of Object.entries(signals).toSorted(([, a], [, b]) => a - b)) {
    (seen.has(number) ? aliases : names)[name] = number;
    seen.add(number);
  }
  return { names, aliases };
}

/** The largest number that is a signal here. */
export function largestSignal({ names, realtime }: SignalTable): number {
  return realtime?.[1] ?? Math.max(...Object.values(names));
}
