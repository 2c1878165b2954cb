import { IN_IGNORED, IN_ISDIR, IN_Q_OVERFLOW } from './constants.ts';
import type { InotifyMaskName } from './mask-names.ts';
import { inotifyMaskNames } from './mask-names.ts';
import type { InotifyWatch } from './inotify-watch.ts';
import type { RawInotifyEvent } from '../internal/parse-inotify-events.ts';
import { decodeName } from '../internal/parse-inotify-events.ts';

/**
 * One event of an {@link Inotify}.
 *
 * **Gotchas** `name` is undefined both for an event about the watched object itself and for a name that is not valid
 * UTF-8; `nameBytes` tells them apart.
 *
 * @see https://man7.org/linux/man-pages/man7/inotify.7.html
 */
export class InotifyEvent {
  /** The watch that the event belongs to; undefined for an overflow, which belongs to none. */
  readonly watch: InotifyWatch | undefined;
  /** Watch descriptor; -1 for an overflow. */
  readonly wd: number;
  /** The `IN_*` bits. */
  readonly mask: number;
  /** Number that `IN_MOVED_FROM` and `IN_MOVED_TO` of one rename share; else 0. */
  readonly cookie: number;
  /** Name of the entry in the watched directory; undefined when there is none or its bytes are not UTF-8. */
  readonly name: string | undefined;
  /** Exact bytes of the name; undefined when the event is about the watched object itself. */
  readonly nameBytes: Buffer | undefined;

  /** @internal */
  constructor(raw: RawInotifyEvent, watch: InotifyWatch | undefined) {
    this.watch = watch;
    this.wd = raw.wd;
    this.mask = raw.mask;
    this.cookie = raw.cookie;
    this.name = decodeName(raw.nameBytes);
    this.nameBytes = raw.nameBytes;
  }

  /** C names of the bits in `mask`. */
  get maskNames(): InotifyMaskName[] {
    return inotifyMaskNames(this.mask);
  }

  /** Whether the subject of the event is a directory (`IN_ISDIR`). */
  get isDirectory(): boolean {
    return (this.mask & IN_ISDIR) !== 0;
  }

  /** Whether the kernel's queue was full and events were lost here (`IN_Q_OVERFLOW`): scan again what you watch. */
  get isOverflow(): boolean {
    return (this.mask & IN_Q_OVERFLOW) !== 0;
  }

  /** Whether the kernel has ended the watch (`IN_IGNORED`): this is its last event. */
  get isIgnored(): boolean {
    return (this.mask & IN_IGNORED) !== 0;
  }
}
