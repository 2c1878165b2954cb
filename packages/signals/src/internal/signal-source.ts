import { listenRemembering, putBackDisposition } from './found-disposition.ts';
import { isRealtimeSignal } from './disposition.ts';
import type { SavedDisposition } from './disposition.ts';
import { openRealtimeSource } from './realtime-source.ts';
import { nameOf } from './signal-names.ts';

/** Brings one signal to this thread from its opening to its closing. */
export interface SignalSource {
  /** The last one out leaves the disposition as the first one found it. */
  close(): void;
}

/** All handlers of this package get their signals through here, one source for each signal. */
export function openSignalSource(number: number, deliver: () => void): SignalSource {
  if (isRealtimeSignal(number)) return openRealtimeSource(number, deliver);
  const source = new ListenerSource(number, deliver);
  source.open();
  return source;
}

const sources = new Map<string, ListenerSource>();
/** Dispositions found by sources that closed while others still listened to the signal. */
const foundEarlier = new Map<number, SavedDisposition>();

/** One listener of Node's. */
class ListenerSource implements SignalSource {
  readonly listener: () => void;
  readonly #number: number;
  readonly #name: string;
  #found: SavedDisposition | undefined;

  constructor(number: number, deliver: () => void) {
    this.#number = number;
    this.#name = nameOf(number);
    this.listener = () => deliver();
  }

  open(): void {
    const isFirst = process.listenerCount(this.#name) === 0;
    const listen = (): unknown => process.on(this.#name, this.listener);
    this.#found = isFirst ? listenRemembering(this.#number, listen) : foundEarlier.get(this.#number);
    if (!isFirst) listen();
    if (sources.size === 0) process.on('removeListener', noticeRemoval);
    sources.set(this.#name, this);
  }

  close(): void {
    sources.delete(this.#name);
    if (sources.size === 0) process.off('removeListener', noticeRemoval);
    process.off(this.#name, this.listener);
    foundEarlier.delete(this.#number);
    if (this.#found === undefined) return;
    if (process.listenerCount(this.#name) > 0) foundEarlier.set(this.#number, this.#found);
    else putBackDisposition(this.#found);
  }

  listenAgain(): void {
    const isOpen = sources.get(this.#name) === this;
    if (isOpen && !process.rawListeners(this.#name).includes(this.listener)) process.on(this.#name, this.listener);
  }
}

/**
 * Somebody took all listeners of a signal away, ours too. Not put back at once: a loop that removes until none is left
 * must end, and who removes all in order to die by `process.kill(process.pid, ...)` must die.
 */
function noticeRemoval(event: string | symbol, listener: (...args: never[]) => void): void {
  const source = typeof event === 'string' ? sources.get(event) : undefined;
  if (source?.listener === listener) queueMicrotask(() => source.listenAgain());
}
