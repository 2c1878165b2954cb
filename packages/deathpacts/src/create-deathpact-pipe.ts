import { pipe } from '@osx/fds';
import type { Fd } from '@osx/fds';

/**
 * The parent's side of any number of {@link PipeDeathpact}s: the write end, which nobody else gets, and the read end for the
 * children. Made by {@link createDeathpactPipe}.
 */
export class DeathpactPipe implements Disposable {
  readonly #readEnd: Fd;
  readonly #writeEnd: Fd;

  /** @internal */
  constructor(readEnd: Fd, writeEnd: Fd) {
    this.#readEnd = readEnd;
    this.#writeEnd = writeEnd;
  }

  /**
   * The number for the `stdio` array of any number of children.
   *
   * @throws {SystemError} EBADF when it is closed.
   */
  get readEnd(): number {
    return this.#readEnd.number;
  }

  get isClosed(): boolean {
    return this.#writeEnd.isClosed;
  }

  /** Ends all children with a pact on this pipe, as the death of this process would. Idempotent. */
  close(): void {
    this.#writeEnd.close();
    this.#readEnd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * A pipe whose write end is this process's alone: every child that gets the read end sees when this process is gone.
 *
 * One pipe does for all children. Both ends are close-on-exec, so no child gets the write end, and only those get the read
 * end that it is passed to in `stdio`.
 *
 * **Platform** Linux; macOS (not run). A Worker's pipe closes when the Worker ends, and its children die.
 *
 * **Gotchas** A bare fork(2) in native code, or by `@osx/forkhooks/experimental-fork`, copies the write end: call `close()` in
 * its child, which takes nothing from the parent.
 *
 * @returns Keep it, and close it to end the children; collected as garbage it stays open.
 * @throws {SystemError} EMFILE, ENFILE.
 * @throws {UnsupportedError} without the native layer. Then give each child a `'pipe'` in its `stdio` array instead.
 * @example
 * ```ts
 * import { createDeathpactPipe } from '@osx/deathpacts';
 *
 * using pipe = createDeathpactPipe();
 * const stdio = ['inherit', 'inherit', 'inherit', pipe.readEnd]; // for spawn; then new PipeDeathpact({ fd: 3 })
 * console.log(stdio.length); // 4
 * ```
 * @see https://man7.org/linux/man-pages/man7/pipe.7.html
 */
export function createDeathpactPipe(): DeathpactPipe {
  const { readEnd, writeEnd } = pipe();
  return new DeathpactPipe(readEnd, writeEnd);
}
