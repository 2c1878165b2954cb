import { hasCode } from '@osx/errors';
import type { UnixAddress } from '@osx/sockets';

import { selectBackend } from '../select-backend.ts';
import type { SealedFile } from '../select-backend.ts';
import { DatagramSender, isPassing } from './datagram-sender.ts';
import type { Target } from './target.ts';
import type { Wait } from './wait.ts';

/** journald by its native protocol. What does not fit into a datagram goes as one descriptor of a sealed file in memory. */
export class NativeTarget implements Target {
  readonly kind = 'native';
  readonly #sender: DatagramSender;
  #sealed: { readonly entry: Buffer; readonly file: SealedFile } | undefined;

  constructor(address: UnixAddress) {
    this.#sender = new DatagramSender(address);
  }

  tryWrite(entry: Buffer): 'sent' | 'full' {
    if (this.#sealed?.entry === entry) return this.#tryWriteSealed(entry);
    try {
      return this.#sender.trySend(entry);
    } catch (error) {
      if (hasCode(error, 'EMSGSIZE') || hasCode(error, 'ENOBUFS')) return this.#tryWriteSealed(entry);
      if (isPassing(error)) return 'full';
      throw error;
    }
  }

  awaitRoom(callback: () => void): Wait {
    return this.#sender.awaitRoom(callback);
  }

  close(): void {
    this.#forgetSealed();
    this.#sender.close();
  }

  #tryWriteSealed(entry: Buffer): 'sent' | 'full' {
    try {
      if (this.#sealed?.entry !== entry) {
        this.#forgetSealed();
        this.#sealed = { entry, file: sealedFile(entry) };
      }
      const result = this.#sender.trySendFd(this.#sealed.file.fd);
      if (result === 'sent') this.#forgetSealed();
      return result;
    } catch (error) {
      if (isPassing(error)) return 'full';
      throw error;
    }
  }

  #forgetSealed(): void {
    this.#sealed?.file.close();
    this.#sealed = undefined;
  }
}

/** journald takes only a file with exactly four seals; a system with vm.memfd_noexec adds a fifth unless told not to. */
function sealedFile(entry: Buffer): SealedFile {
  const { MemFd } = selectBackend();
  const options = { name: 'journal-entry', seal: true } as const;
  const file = MemFd.fromBytes(entry, options);
  if (!file.seals.includes('exec')) return file;
  try {
    const executable = MemFd.fromBytes(entry, { ...options, exec: true });
    file.close();
    return executable;
  } catch {
    return file;
  }
}
