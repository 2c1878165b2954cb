import { readFileSync } from 'node:fs';

/**
 * The arguments of this program as bytes, each byte a character: Node decodes them as UTF-8 and loses what is not.
 *
 * @param decoded `process.argv` from the first argument on.
 */
export function rawArguments(decoded: readonly string[]): string[] {
  const raw = commandLine().slice(1).slice(-decoded.length);
  const isOurs = raw.length === decoded.length && raw.every((word, index) => textOf(word) === decoded[index]);
  return isOurs ? raw : decoded.map((word) => Buffer.from(word).toString('latin1'));
}

/** The bytes that were typed. */
export function bytesOf(raw: string): Buffer {
  return Buffer.from(raw, 'latin1');
}

/** What a person reads. */
export function textOf(raw: string): string {
  return bytesOf(raw).toString('utf8');
}

function commandLine(): string[] {
  try {
    return readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
