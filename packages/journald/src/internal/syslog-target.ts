import type { UnixAddress } from '@osx/sockets';

import { DatagramSender, isPassing } from './datagram-sender.ts';
import { plainEntry, visible } from './read-entry.ts';
import type { Target } from './target.ts';
import type { Wait } from './wait.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What the common daemons take of a message by default. */
const MOST_BYTES = 8_192;

/** A syslog daemon behind /dev/log, in the words of syslog(3): one datagram an entry, of which only the message is kept. */
export class SyslogTarget implements Target {
  readonly kind = 'syslog';
  readonly #sender: DatagramSender;

  constructor(address: UnixAddress) {
    this.#sender = new DatagramSender(address);
  }

  tryWrite(entry: Buffer): 'sent' | 'full' {
    try {
      return this.#sender.trySend(syslogLine(entry, new Date()));
    } catch (error) {
      if (isPassing(error)) return 'full';
      throw error;
    }
  }

  awaitRoom(callback: () => void): Wait {
    return this.#sender.awaitRoom(callback);
  }

  close(): void {
    this.#sender.close();
  }
}

/** `<30>Nov  2 15:04:05 program[123]: text`, in local time. */
export function syslogLine(entry: Buffer, now: Date): Buffer {
  const { text, priority, facility, identifier = 'node' } = plainEntry(entry);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${MONTHS[now.getMonth()]} ${String(now.getDate()).padStart(2)}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  // A colon, bracket or blank would end it.
  const tag = identifier.replaceAll(/[^\w.-]/g, '_');
  return shortened(Buffer.from(`<${facility * 8 + priority}>${day} ${time} ${tag}[${process.pid}]: ${visible(text)}`));
}

/** Cut between two characters. */
function shortened(line: Buffer): Buffer {
  if (line.length <= MOST_BYTES) return line;
  let end = MOST_BYTES;
  while (((line[end] as number) & 0xc0) === 0x80) end -= 1;
  return line.subarray(0, end);
}
