import { checked } from '@osx/native-ffi';

import { raiseDefault } from '../raise-default.ts';
import type { SavedDisposition } from './disposition.ts';
import { listenRemembering, putBackDisposition } from './found-disposition.ts';
import { addLastCall, removeLastCall } from './last-calls.ts';
import { signalHandleClass } from './signal-handle.ts';
import type { SignalHandle } from './signal-handle.ts';
import { nameOf } from './signal-names.ts';

/**
 * Catches one signal exactly while nobody else in this process listens to it. So it never gets a signal that came when
 * somebody did, and is in nobody's list of listeners: programs and packages that count those, to know whether they are to
 * end the process, count right.
 */
class DefaultEnd {
  users = 0;
  readonly #number: number;
  readonly #name: string;
  #handle: SignalHandle | undefined;
  #found: SavedDisposition | undefined;

  constructor(number: number) {
    this.#number = number;
    this.#name = nameOf(number);
  }

  /** Starts or stops, as the listeners ask for. */
  follow(): void {
    const isWanted = this.users > 0 && process.listenerCount(this.#name) === 0;
    if (isWanted && this.#handle === undefined) this.#start();
    else if (!isWanted) this.#stop();
    if (this.users > 0 || this.#found === undefined) return;
    putBackDisposition(this.#found);
    this.#found = undefined;
  }

  #start(): void {
    const handle = new (signalHandleClass())();
    handle.onsignal = () => {
      if (process.listenerCount(this.#name) === 0) raiseDefault(this.#number);
    };
    try {
      const found = listenRemembering(this.#number, () => checked(handle.start(this.#number), 'sigaction'));
      this.#found ??= found;
    } catch (error) {
      handle.close();
      throw error;
    }
    handle.unref();
    this.#handle = handle;
  }

  #stop(): void {
    this.#handle?.close();
    this.#handle = undefined;
  }
}

const ends = new Map<string, DefaultEnd>();
let inUse = 0;

/** From now on `raiseDefault` ends the process for these signals, which runs the last calls. */
export function useDefaultEnds(numbers: readonly number[]): void {
  if (inUse++ === 0) {
    process.on('newListener', followSoon);
    process.on('removeListener', follow);
    addLastCall(giveUp);
  }
  for (const number of numbers) {
    const name = nameOf(number);
    const end = ends.get(name) ?? new DefaultEnd(number);
    ends.set(name, end);
    end.users += 1;
    end.follow();
  }
}

/** The last one out leaves the dispositions as the first one found them. */
export function releaseDefaultEnds(numbers: readonly number[]): void {
  for (const number of numbers) {
    const end = ends.get(nameOf(number));
    if (end === undefined) continue;
    end.users -= 1;
    end.follow();
  }
  if (--inUse > 0) return;
  process.off('newListener', followSoon);
  process.off('removeListener', follow);
  removeLastCall(giveUp);
}

/** The process ends, by what may be Node's own means: then nothing of ours must be in the way. */
function giveUp(): void {
  for (const end of ends.values()) {
    end.users = 0;
    end.follow();
  }
}

/** Told before the listener is there; once it is, the signal is never without a handler. */
function followSoon(event: string | symbol): void {
  if (ends.has(event as string)) queueMicrotask(() => follow(event));
}

/** At once: who removes its listener in order to die by `process.kill(process.pid, ...)` shall die through here. */
function follow(event: string | symbol): void {
  ends.get(event as string)?.follow();
}
