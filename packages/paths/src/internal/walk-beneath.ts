import { constants, fstatSync } from 'node:fs';

import { hasCode, isSystemError, SystemError } from '@osx/errors';

import type { DirectoryCalls } from './directory-calls.ts';
import { MAX_LINKS } from './real-location.ts';

/** What a way of opening beneath a directory is asked for. */
export interface Opening {
  /** As the caller gave it, for errors. */
  readonly asked: string | Buffer;
  /** The same as a byte string. */
  readonly path: string;
  readonly flags: number;
  readonly mode: number;
  readonly followSymlinks: boolean;
  readonly crossMounts: boolean;
}

/** What a walk came to: the descriptor, and the names from the root to it, free of links. */
export interface Arrival {
  readonly fd: number;
  readonly names: readonly string[];
}

const { O_CREAT, O_DIRECTORY, O_NOFOLLOW } = constants;
/** What systems say of a symbolic link that O_NOFOLLOW meets: Linux ELOOP or ENOTDIR, FreeBSD EMLINK. */
const MAY_BE_LINK = ['ELOOP', 'ENOTDIR', 'EMLINK'];
/** How often a name may change between link and no link before the walk takes the last word. */
const MAX_SWAPS = 64;

/**
 * Opens a path one component after the other, each from the descriptor of the directory before and never through a symbolic link:
 * links are read, and their text walked likewise. So there is no moment at which the kernel follows anything out of the root.
 */
export function walkBeneath(calls: DirectoryCalls, root: number, opening: Opening): Arrival {
  const walk = new Walk(calls, root, opening);
  try {
    return walk.run();
  } finally {
    walk.leave();
  }
}

class Walk {
  readonly #calls: DirectoryCalls;
  readonly #root: number;
  readonly #opening: Opening;
  readonly #held: { fd: number; name: string }[] = [];
  /** Names to come, the next one last. An empty one is a slash at the end. */
  readonly #pending: string[] = [];
  readonly #mount: string | undefined;
  #links = 0;

  constructor(calls: DirectoryCalls, root: number, opening: Opening) {
    this.#calls = calls;
    this.#root = root;
    this.#opening = opening;
    this.#mount = opening.crossMounts ? undefined : calls.mountOf(root);
    this.#expand(opening.path);
  }

  run(): Arrival {
    for (;;) {
      const name = this.#pending.pop() as string;
      const isLast = this.#pending.length === 0;
      if (name === '..') this.#climb();
      if (name === '' || name === '.' || name === '..') {
        if (isLast) return this.#arrive(this.#open('.', this.#opening.flags));
        continue;
      }
      if (!isLast) {
        this.#refuseMakingDirectory();
        this.#descend(name);
        continue;
      }
      const fd = this.#openLast(name);
      if (fd !== undefined) return this.#arrive(fd, name);
    }
  }

  leave(): void {
    for (const { fd } of this.#held.splice(0)) this.#calls.close(fd);
  }

  get #top(): number {
    return this.#held.at(-1)?.fd ?? this.#root;
  }

  #arrive(fd: number, ...last: string[]): Arrival {
    return { fd, names: [...this.#held.map(({ name }) => name), ...last] };
  }

  /** A directory, or a link whose names come next. */
  #descend(name: string): void {
    const flags = this.#calls.passFlags | O_DIRECTORY | O_NOFOLLOW;
    const fd = this.#openOrFollow(name, () => this.#open(name, flags));
    if (fd !== undefined) this.#held.push({ fd, name });
  }

  #openLast(name: string): number | undefined {
    const { flags, mode, crossMounts } = this.#opening;
    if (!crossMounts) this.#refuseMount(name);
    if ((flags & O_NOFOLLOW) !== 0) return this.#open(name, flags, mode);
    return this.#openOrFollow(name, () => {
      const fd = this.#open(name, flags | O_NOFOLLOW, mode);
      // With O_PATH the link itself is opened.
      if (!fstatSync(fd).isSymbolicLink()) return fd;
      this.#calls.close(fd);
      throw this.#error('ELOOP');
    });
  }

  /** What `open` opens; undefined when the name is a link, which was read and comes next. */
  #openOrFollow(name: string, open: () => number): number | undefined {
    for (let swaps = 0; ; swaps += 1) {
      try {
        return open();
      } catch (error) {
        if (!hasCode(error, MAY_BE_LINK)) throw error;
        const target = this.#readLink(name);
        if (target !== undefined) {
          this.#follow(target);
          return undefined;
        }
        // No link any more, or none and no directory either.
        if (swaps >= MAX_SWAPS || (error.code === 'ENOTDIR' && this.#isSomethingElse(name))) throw error;
      }
    }
  }

  #readLink(name: string): string | undefined {
    try {
      return this.#calls.readLinkAt(this.#top, name);
    } catch (error) {
      if (hasCode(error, ['EINVAL', 'ENOENT'])) return undefined;
      throw this.#named(error);
    }
  }

  /** Whether a name is neither a directory nor a link at this moment. */
  #isSomethingElse(name: string): boolean {
    let fd: number;
    try {
      fd = this.#open(name, this.#calls.passFlags | O_NOFOLLOW);
    } catch (error) {
      return !hasCode(error, ['ENOENT', ...MAY_BE_LINK]);
    }
    const stats = fstatSync(fd);
    this.#calls.close(fd);
    return !stats.isDirectory() && !stats.isSymbolicLink();
  }

  #follow(target: string): void {
    this.#links += 1;
    if (!this.#opening.followSymlinks || this.#links > MAX_LINKS) throw this.#error('ELOOP');
    // The links of procfs that are no text name what they lead to by a path, or as pipe:[1].
    if (/^\/|^[\w.-]+:/.test(target) && this.#calls.isProcfs(this.#top)) throw this.#error('ELOOP');
    if (target.startsWith('/')) throw leadsOut(this.#opening);
    this.#expand(target);
  }

  #expand(path: string): void {
    const names = path.split('/').filter((name) => name !== '');
    if (path.endsWith('/') && this.#pending.length === 0) names.push('');
    this.#pending.push(...names.toReversed());
  }

  #climb(): void {
    // The right to search the directory that is left, which open(2) would ask for.
    this.#calls.close(this.#open('.', this.#calls.passFlags | O_DIRECTORY));
    const left = this.#held.pop();
    if (left === undefined) throw leadsOut(this.#opening);
    this.#calls.close(left.fd);
  }

  /** open(2) says EISDIR for a file to be made whose name ends with a slash, whatever is there. */
  #refuseMakingDirectory(): void {
    const endsHere = this.#pending.length === 1 && this.#pending[0] === '';
    if (endsHere && (this.#opening.flags & O_CREAT) !== 0) throw this.#error('EISDIR');
  }

  #open(name: string, flags: number, mode?: number): number {
    let fd: number;
    try {
      fd = this.#calls.openAt(this.#top, name, flags, mode);
    } catch (error) {
      throw this.#named(error);
    }
    if (this.#mount !== undefined) this.#refuseOtherMount(fd);
    return fd;
  }

  /** Before anything happens to what is there. */
  #refuseMount(name: string): void {
    try {
      this.#calls.close(this.#open(name, this.#calls.passFlags | O_NOFOLLOW));
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }

  #refuseOtherMount(fd: number): void {
    let isOther = true;
    try {
      isOther = this.#calls.mountOf(fd) !== this.#mount;
    } finally {
      if (isOther) this.#calls.close(fd);
    }
    if (isOther) throw leadsOut(this.#opening);
  }

  /** The kernel's word, of the path that the caller knows. */
  #named(error: unknown): unknown {
    if (!isSystemError(error)) return error;
    return new SystemError({ code: error.code, syscall: 'openat', path: this.#opening.asked, cause: error });
  }

  #error(code: string): SystemError {
    return new SystemError({ code, syscall: 'openat', path: this.#opening.asked });
  }
}

export function leadsOut({ asked, crossMounts }: Opening, cause?: unknown): SystemError {
  const message = crossMounts
    ? 'the path leads out of the root directory'
    : 'the path leads out of the root directory, or over a mount point';
  return new SystemError({ code: 'EXDEV', syscall: 'openat', path: asked, message, cause });
}
