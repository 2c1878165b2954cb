import { defaultAction } from './default-action.ts';
import { nameOf } from './signal-names.ts';

type Listener = (...args: unknown[]) => void;

/** Raises the signal with Node's own means: what removes the last listener of a signal sets its default disposition. */
export function raiseByNode(number: number): void {
  const name = nameOf(number);
  const isNodes = Object.hasOwn(process.getBuiltinModule('node:os').constants.signals, name);
  const listeners = isNodes ? (process.rawListeners(name) as Listener[]) : [];
  if (isNodes && name !== 'SIGKILL' && name !== 'SIGSTOP') {
    // One that is added and removed also ends what Node had from its start: SIGPIPE ignored.
    process.on(name, ignore);
    process.removeAllListeners(name);
  }
  const ends = defaultAction(number) === 'ends';
  if (ends && process.getBuiltinModule('node:tty').isatty(0) && process.stdin.isRaw) process.stdin.setRawMode(false);
  process.kill(process.pid, number);
  if (ends) process.exit(128 + number);
  for (const listener of listeners) process.on(name, listener);
}

function ignore(): void {}
