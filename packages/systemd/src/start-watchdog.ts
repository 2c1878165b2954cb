import { checkFunction, checkOptions, invalidArgType, outOfRange } from '@osx/errors';
import { UnixSocket } from '@osx/sockets';
import type { UnixAddress } from '@osx/sockets';

import { invalidEnvironment } from './internal/invalid-environment.ts';
import { notifyTarget } from './internal/notify-target.ts';
import type { NotifySyncOptions } from './notify-options.ts';
import { watchdog } from './watchdog.ts';

export interface StartWatchdogOptions extends Pick<NotifySyncOptions, 'socketPath'> {
  /**
   * Asked before each sign of life, which is given only for `true`. While it has not answered, none is given: a check that
   * hangs counts as a service that hangs.
   */
  isHealthy?: (() => boolean | Promise<boolean>) | undefined;
  /** Default and best: half of the timeout. Less than the timeout. */
  intervalMs?: number | undefined;
  /** Gets what `isHealthy` threw, and why a sign of life could not be sent. The next one is tried all the same. */
  onError?: ((error: unknown) => void) | undefined;
}

/** Signs of life that are being given. */
export interface RunningWatchdog extends Disposable {
  readonly intervalMs: number;
  /** Gives no more; the second call does nothing. The manager goes on to expect them. */
  close(): void;
}

/** The longest that a timer of Node can be. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Gives the manager the signs of life that it expects (`WatchdogSec=`): one at once, then one each half of the timeout, for
 * as long as the event loop turns and `isHealthy` agrees.
 *
 * It does not keep the process alive, and nothing is thrown from its timer.
 *
 * **Gotchas**: a blocked event loop gives no sign, which is the purpose: work that blocks for longer than half the timeout
 * belongs in a Worker, or needs a longer `WatchdogSec=`. In a Worker this watches the Worker's loop.
 *
 * @returns Close it; null when the manager expects nothing of this process, see {@link watchdog}.
 * @throws {TypeError|RangeError} on a bad argument.
 * @throws {SystemError} `ERR_OSX_INVALID_ENVIRONMENT`, also when signs are expected and `$NOTIFY_SOCKET` is not set, because the
 *   manager would end the service without a word; `EMFILE`.
 * @example
 * ```ts
 * import { startWatchdog } from '@osx/systemd';
 *
 * let lastJobAt = Date.now();
 * using _signs = startWatchdog({ isHealthy: () => Date.now() - lastJobAt < 60_000 });
 * ```
 */
export function startWatchdog(options: StartWatchdogOptions = {}): RunningWatchdog | null {
  const {
    socketPath,
    isHealthy,
    intervalMs: given,
    onError,
  } = checkOptions('options', options) as StartWatchdogOptions;
  if (isHealthy !== undefined) checkFunction('options.isHealthy', isHealthy);
  if (onError !== undefined) checkFunction('options.onError', onError);
  if (given !== undefined && typeof given !== 'number') {
    throw invalidArgType('options.intervalMs', 'of type number', given);
  }
  const request = watchdog();
  if (request === null) return null;
  const intervalMs = given ?? request.intervalMs;
  if (!(intervalMs > 0 && intervalMs < request.timeoutMs)) {
    throw outOfRange('options.intervalMs', `above 0 and below the timeout of ${request.timeoutMs} ms`, given);
  }
  const { address } = notifyTarget({ socketPath });
  if (address === null) {
    throw invalidEnvironment('NOTIFY_SOCKET', 'set, because WATCHDOG_USEC says that signs of life are expected');
  }
  return new Signs(address, intervalMs, isHealthy, onError);
}

class Signs implements RunningWatchdog {
  readonly intervalMs: number;
  readonly #address: UnixAddress;
  readonly #isHealthy: StartWatchdogOptions['isHealthy'];
  readonly #onError: StartWatchdogOptions['onError'];
  readonly #socket = UnixSocket.open('datagram').unref();
  readonly #timer: NodeJS.Timeout;
  /** Whether one is under way: being decided, or waiting for room. */
  #isBusy = false;

  constructor(
    address: UnixAddress,
    intervalMs: number,
    isHealthy: StartWatchdogOptions['isHealthy'],
    onError: StartWatchdogOptions['onError'],
  ) {
    this.#address = address;
    this.intervalMs = intervalMs;
    this.#isHealthy = isHealthy;
    this.#onError = onError;
    this.#timer = setInterval(() => void this.#give(), Math.min(intervalMs, LONGEST_MS)).unref();
    void this.#give();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #give(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const isHealthy: unknown = this.#isHealthy === undefined || (await this.#isHealthy());
      if (isHealthy === true) await this.#socket.send('WATCHDOG=1', { to: this.#address });
    } catch (error) {
      if (!this.#socket.isClosed) this.#onError?.(error);
    } finally {
      this.#isBusy = false;
    }
  }
}
