import type { Socket } from 'node:net';

import { SystemError } from '@osx/errors';

import { entryFile } from '../launch/entry-file.ts';
import { Lines, type GuardianReport, type Ward, type WatchRequest } from './messages.ts';

const CHANNEL = 3;
/** How long a guardian without wards waits for the next one: to start another takes as long as ten programs. */
const LINGER_MS = 2_000;
/** A guardian that ends sooner than this was of no use; how many of them there may be one after the other. */
const USEFUL_MS = 1_000;
const MOST_USELESS = 5;

interface Guardian {
  /** undefined when it could not even be spawned. */
  readonly channel: Socket | undefined;
  readonly startedAt: number;
}

interface Entry {
  readonly ward: Ward;
  /** Pending until the guardian has it in view. */
  watching: PromiseWithResolvers<void> | undefined;
}

/** The guardian of this thread, as seen from here: started when it is needed, again when it is killed, and ended when it is not. */
class GuardianClient {
  readonly #entries = new Map<number, Entry>();
  #guardian: Guardian | undefined;
  #linger: NodeJS.Timeout | undefined;
  #number = 0;
  #useless = 0;

  /** Resolves once the guardian has the ward in view. */
  async watch(ward: Ward): Promise<void> {
    clearTimeout(this.#linger);
    const number = (this.#number += 1);
    const watching = Promise.withResolvers<void>();
    this.#entries.set(number, { ward, watching });
    if (this.#guardian === undefined) this.#start();
    else this.#ask(number, ward);
    await watching.promise;
  }

  /** Starts a guardian, and asks it for all wards that there are. */
  #start(): void {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(process.execPath, [entryFile('guardian'), String(process.pid)], {
      cwd: '/',
      // In a session of its own: no terminal's signals reach it.
      detached: true,
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    child.unref();
    const channel = child.pid === undefined ? undefined : (child.stdio[CHANNEL] as Socket);
    const guardian: Guardian = { channel, startedAt: performance.now() };
    this.#guardian = guardian;
    if (channel === undefined) return void child.once('error', (error) => this.#lost(guardian, error));
    const lines = new Lines();
    channel.on('data', (chunk) => {
      for (const report of lines.take<GuardianReport>(chunk)) this.#hear(report);
    });
    channel.on('error', () => {});
    channel.once('close', () => this.#lost(guardian, undefined));
    for (const [number, { ward }] of this.#entries) this.#ask(number, ward);
  }

  #ask(watch: number, ward: Ward): void {
    this.#guardian?.channel?.write(`${JSON.stringify({ watch, ward } satisfies WatchRequest)}\n`);
    this.#hold();
  }

  #hear(report: GuardianReport): void {
    if ('watching' in report) this.#settle(report.watching);
    else if ('failed' in report) this.#refuse(report.failed, report.code);
    else if ('gone' in report) this.#forget(report.gone);
    this.#hold();
  }

  #settle(number: number): void {
    const entry = this.#entries.get(number);
    entry?.watching?.resolve();
    if (entry !== undefined) entry.watching = undefined;
  }

  #refuse(number: number, code: string): void {
    const error = new SystemError({ code, syscall: 'pidfd_open' });
    const watching = this.#entries.get(number)?.watching;
    if (watching === undefined) process.emitWarning(`a death pact is lost: ${error.message}`, 'DeathpactWarning');
    watching?.reject(error);
    this.#forget(number);
  }

  #forget(number: number): void {
    this.#settle(number);
    this.#entries.delete(number);
    if (this.#entries.size > 0) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.#dismiss(), LINGER_MS).unref();
  }

  #dismiss(): void {
    if (this.#entries.size > 0) return;
    const guardian = this.#guardian;
    this.#guardian = undefined;
    // Without wards and without a channel it ends.
    guardian?.channel?.end();
  }

  /** The event loop is held for what is being asked, and for nothing else. */
  #hold(): void {
    const isWaited = [...this.#entries.values()].some(({ watching }) => watching !== undefined);
    if (isWaited) this.#guardian?.channel?.ref();
    else this.#guardian?.channel?.unref();
  }

  /** It was killed: another one takes its place, unless that is in vain. */
  #lost(guardian: Guardian, cause: unknown): void {
    if (this.#guardian !== guardian) return;
    this.#guardian = undefined;
    if (this.#entries.size === 0) return;
    this.#useless = performance.now() - guardian.startedAt < USEFUL_MS ? this.#useless + 1 : 0;
    if (this.#useless < MOST_USELESS) return this.#start();
    this.#useless = 0;
    const message = 'the guardian of the death pacts does not run';
    const error = new SystemError({ code: 'ECHILD', syscall: 'spawn', message, cause });
    const entries = [...this.#entries.values()];
    if (entries.some(({ watching }) => watching === undefined)) {
      process.emitWarning(`death pacts are lost: ${message}`, 'DeathpactWarning');
    }
    for (const { watching } of entries) watching?.reject(error);
    this.#entries.clear();
  }
}

let client: GuardianClient | undefined;

/** Resolves once the guardian of this thread has the child in view. */
export async function watchByGuardian(ward: Ward): Promise<void> {
  client ??= new GuardianClient();
  await client.watch(ward);
}
