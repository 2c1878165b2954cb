import type { ChildProcessByStdio } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

import { hasCode, SystemError, UnsupportedError } from '@osx/errors';

import type { JournalEntry } from '../../journal-entry.ts';
import { badExport, ExportParser } from './export-parser.ts';

const MOST_COMPLAINT = 4096;

/** A journalctl that writes; what nobody takes stays in its pipe, and it waits. */
export class JournalctlChild {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #output: AsyncIterator<Buffer>;
  readonly #ended: Promise<number | null>;
  #complaint = '';
  #isClosed = false;

  constructor(args: readonly string[]) {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn('journalctl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#hold(false);
    this.#output = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(0, MOST_COMPLAINT);
    });
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    this.#ended.catch(() => {});
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The next piece of its output; undefined at the end. */
  async piece(): Promise<Buffer | undefined> {
    this.#hold(true);
    try {
      const { done, value } = (await this.#output.next()) as IteratorResult<Buffer, undefined>;
      if (done !== true) return value;
      await this.#checkEnd();
      return undefined;
    } catch (error) {
      if (this.#isClosed) return undefined;
      throw error;
    } finally {
      this.#hold(false);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#child.kill('SIGKILL');
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }

  /** Only somebody who waits for a piece keeps the process alive. */
  #hold(isHeld: boolean): void {
    const change = isHeld ? 'ref' : 'unref';
    this.#child[change]();
    for (const pipe of [this.#child.stdout, this.#child.stderr]) (pipe as Socket)[change]();
  }

  async #checkEnd(): Promise<void> {
    let code: number | null;
    try {
      code = await this.#ended;
    } catch (cause) {
      throw missing(cause);
    }
    // It ends with 1 and says nothing when no entry matched.
    const isFine = code === 0 || (code === 1 && this.#complaint === '');
    if (!isFine) throw failure(code, this.#complaint);
  }
}

/** The entries that a journalctl writes. */
export class JournalctlEntries {
  readonly #child: JournalctlChild;
  readonly #parser: ExportParser;

  constructor(args: readonly string[], threshold: number) {
    this.#child = new JournalctlChild(args);
    this.#parser = new ExportParser(threshold);
  }

  /** The next entry; undefined at the end, or when closed. */
  async next(): Promise<JournalEntry | undefined> {
    for (;;) {
      if (this.#child.isClosed) return undefined;
      const entry = this.#parser.take();
      if (entry !== undefined) return entry;
      const piece = await this.#child.piece();
      if (piece === undefined) {
        if (!this.#parser.isAtEnd && !this.#child.isClosed) throw badExport('it ends within an entry');
        return undefined;
      }
      this.#parser.push(piece);
    }
  }

  close(): void {
    this.#child.close();
  }
}

/** The lines that a journalctl writes; a last one without a line feed too. */
export async function* journalctlLines(args: readonly string[]): AsyncGenerator<string, void, undefined> {
  const child = new JournalctlChild(args);
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const piece = await child.piece();
      const lines = (rest + decoder.decode(piece, { stream: piece !== undefined })).split('\n');
      rest = lines.pop() as string;
      yield* lines;
      if (piece === undefined) break;
    }
    if (rest !== '') yield rest;
  } finally {
    child.close();
  }
}

function failure(code: number | null, complaint: string): SystemError {
  const said = complaint.trim();
  const message = `journalctl ended with ${code ?? 'a signal'}${said === '' ? '' : `: ${said}`}`;
  const isPermission = /permission/i.test(said);
  return new SystemError({ code: isPermission ? 'EACCES' : 'EIO', syscall: 'journalctl', message });
}

function missing(cause: unknown): unknown {
  if (!hasCode(cause, 'ENOENT')) return cause;
  return new UnsupportedError({
    feature: 'reading the journal',
    requires: 'journalctl in PATH, or libsystemd.so.0 and koffi',
    cause,
  });
}
