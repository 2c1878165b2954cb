import { fstatSync } from 'node:fs';
import type { Socket } from 'node:net';

import { checkFd, checkOptions, SystemError, withSystemErrors } from '@osx/errors';
import { isNativeAvailable } from '@osx/native-ffi';

import type { DeathpactOptions } from './deathpact.ts';
import { checkPactOptions } from './internal/check-pact-options.ts';
import { isAtEnd } from './internal/is-at-end.ts';
import { Pact } from './internal/pact.ts';

/** Options of {@link PipeDeathpact}. */
export interface PipeDeathpactOptions extends DeathpactOptions {
  /** The number under which this process has the read end: its index in the parent's `stdio` array. */
  readonly fd: number;
}

/**
 * Lives as long as somebody holds the other end of a pipe, or of a socket pair: the parent, whatever else is in between, in
 * another pid namespace, on any system.
 *
 * The kernel closes the other end when the parent dies, by whatever means; the end of file wakes the event loop, without a
 * thread or a timer, and the pact dies. When the other end is closed already it dies at once, in the
 * constructor. The pact owns the descriptor and closes it with itself. What is written to it is read and dropped.
 *
 * The parent's side is {@link createDeathpactPipe}, or any `'pipe'` in its `stdio` array.
 *
 * **Platform** Everywhere; run on Linux. Works in Workers, for the whole process.
 *
 * **Gotchas**
 * - Every copy of the write end counts. One that strayed into another process keeps the pact alive after the parent's death;
 *   ours are close-on-exec, and only a bare fork(2) copies them.
 * - A blocked event loop holds it up: see "A blocked event loop" in the README.
 *
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} EBADF (not open, or the write end); EINVAL: the descriptor is neither pipe nor socket.
 * @example
 * ```ts
 * import { spawn } from 'node:child_process';
 * import { once } from 'node:events';
 * import { createDeathpactPipe } from '@osx/deathpacts';
 *
 * const program = `
 *   import { PipeDeathpact } from '@osx/deathpacts';
 *   new PipeDeathpact({ fd: 3, signal: 'SIGKILL' }).ref();
 * `;
 * const pipe = createDeathpactPipe();
 * const args = ['--input-type=module', '--eval', program];
 * const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', pipe.readEnd] });
 * pipe.close(); // as this process's death would
 * console.log(await once(child, 'exit')); // [ null, 'SIGKILL' ]
 * ```
 */
export class PipeDeathpact extends Pact {
  readonly #fd: number;
  readonly #socket: Socket;
  #hasEnded = false;

  constructor(options: PipeDeathpactOptions) {
    const plan = checkPactOptions(options);
    const { fd } = checkOptions('options', options);
    const number = checkFd('options.fd', fd);
    super(plan);
    this.#fd = number;
    this.#socket = openSocket(number);
    this.#socket.unref();
    if (!plan.watch) return;
    const end = (): void => this.#end();
    // A reset by the other end is an end as well.
    this.#socket.on('end', end).on('error', end).resume();
    // To die takes it, and then is no time to load it.
    setImmediate(isNativeAvailable).unref();
    try {
      this.poll();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Lets the process live as long as the pipe is open, though it have nothing else to do. */
  ref(): this {
    this.#socket.ref();
    return this;
  }

  /** Lets the process end when it has nothing else to do (the default). */
  unref(): this {
    this.#socket.unref();
    return this;
  }

  /** @internal */
  protected findReason(): string | undefined {
    this.#hasEnded ||= isAtEnd(this.#fd);
    return this.#hasEnded ? `the pipe on descriptor ${this.#fd} has no writer any more` : undefined;
  }

  /** @internal */
  protected letGo(): void {
    this.#socket.destroy();
  }

  #end(): void {
    this.#hasEnded = true;
    this.poll();
  }
}

/** Owns the descriptor from here on, and has set it to non-blocking mode. */
function openSocket(fd: number): Socket {
  const stats = withSystemErrors(() => fstatSync(fd));
  if (!stats.isFIFO() && !stats.isSocket()) {
    throw new SystemError({ code: 'EINVAL', syscall: 'read', message: `descriptor ${fd} is neither pipe nor socket` });
  }
  const { Socket: NodeSocket } = process.getBuiltinModule('node:net');
  return new NodeSocket({ fd, readable: true, writable: false, allowHalfOpen: true }).on('error', () => {});
}
