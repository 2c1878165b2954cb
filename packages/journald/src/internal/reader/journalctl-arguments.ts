import { UnsupportedError } from '@osx/errors';

import type { Direction, Position } from './journal-backend.ts';
import { asOneGroup, type MatchGroups } from './match-groups.ts';
import type { ReaderSource } from './reader-source.ts';

/** The lossless form of all fields, without a pager and without hints. */
const EXPORT = ['--output=export', '--all', '--no-pager', '--quiet'];

/** What tells journalctl which journal. */
export function sourceArguments({ namespace, directory, files, scope }: ReaderSource): string[] {
  const place =
    files !== undefined
      ? files.map((file) => `--file=${withoutPattern(pathText(file))}`)
      : directory !== undefined
        ? [`--directory=${pathText(directory)}`]
        : namespace !== undefined
          ? [`--namespace=${namespace}`]
          : [];
  return scope === 'all' ? place : [...place, `--${scope}`];
}

/** Entries from a position on; with `follow` without an end. */
export function entryArguments(
  source: ReaderSource,
  position: Exclude<Position, { type: 'tail' }>,
  run: Direction | 'follow',
): string[] {
  const isBackward = run === 'backward';
  const start =
    position.type === 'cursor'
      ? [`--cursor=${position.cursor}`]
      : position.type === 'time'
        ? [`--${isBackward ? 'until' : 'since'}=${timestamp(position.usec)}`]
        : [];
  const order = isBackward ? ['--reverse'] : run === 'follow' ? ['--follow', '--no-tail'] : [];
  return [...EXPORT, ...sourceArguments(source), ...order, ...start];
}

/** The last entry. */
export function tailArguments(source: ReaderSource): string[] {
  return [...EXPORT, ...sourceArguments(source), '--reverse', '--lines=1'];
}

/** Every entry with no other field than this. */
export function fieldArguments(source: ReaderSource, field: string): string[] {
  return [...EXPORT, ...sourceArguments(source), `--output-fields=${field}`];
}

/**
 * The wanted entries.
 *
 * @throws {UnsupportedError} for what a command line cannot say.
 */
export function matchArguments(matches: MatchGroups): string[] {
  const terms = asOneGroup(matches.groups());
  if (terms === undefined) {
    throw unsupported('groups of matches, joined by and(), in which a field has several values');
  }
  return terms.flatMap((term, index) => {
    const args = term.map(({ field, value }) => `${field}=${argumentText(value, 'a match')}`);
    return index === 0 ? args : ['+', ...args];
  });
}

function timestamp(usec: bigint): string {
  return `@${usec / 1_000_000n}.${String(usec % 1_000_000n).padStart(6, '0')}`;
}

function pathText(path: string | Buffer): string {
  return typeof path === 'string' ? path : argumentText(path, 'a path');
}

/** journalctl takes a pattern of glob(7) for a file. */
function withoutPattern(path: string): string {
  return path.replaceAll(/[*?[\]\\{}~]/g, String.raw`\$&`);
}

/** Node passes arguments as UTF-8, and none can have a NUL. */
function argumentText(bytes: Buffer, what: string): string {
  const text = bytes.toString('utf8');
  if (text.includes('\0') || !Buffer.from(text).equals(bytes)) {
    throw unsupported(`${what} with a NUL or with bytes that are not UTF-8`);
  }
  return text;
}

function unsupported(feature: string): UnsupportedError {
  return new UnsupportedError({ feature, requires: "the backend 'libsystemd'", platform: 'journalctl' });
}
