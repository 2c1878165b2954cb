import { S_IFMT, S_ISGID, S_ISUID, S_ISVTX } from './mode-bits.ts';

/** What a file is, in the words of {@link formatPermissions}. */
export type FileType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'block-device'
  | 'character-device'
  | 'fifo'
  | 'socket'
  | 'unknown';

export const FILE_TYPES: readonly FileType[] = [
  'file',
  'directory',
  'symlink',
  'block-device',
  'character-device',
  'fifo',
  'socket',
  'unknown',
];

const LETTER: Readonly<Record<FileType, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  'block-device': 'b',
  'character-device': 'c',
  fifo: 'p',
  socket: 's',
  unknown: '?',
};

// <sys/stat.h>
const BY_BITS: ReadonlyMap<number, FileType> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
  [0o060000, 'block-device'],
  [0o020000, 'character-device'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
]);

/** The type in a mode of stat(2), or undefined when the mode has permissions only. */
export function typeOf(mode: number): FileType | undefined {
  const bits = mode & S_IFMT;
  return bits === 0 ? undefined : (BY_BITS.get(bits) ?? 'unknown');
}

/** `rwxr-xr-x`, behind the letter of the type if there is one. */
export function writeLs(permissions: number, type: FileType | undefined): string {
  const triple = (shift: number, special: number, letter: string): string => {
    const bits = permissions >> shift;
    const execute = (bits & 1) !== 0 ? 'x' : '-';
    const special_ = (bits & 1) !== 0 ? letter : letter.toUpperCase();
    return (
      ((bits & 4) !== 0 ? 'r' : '-') +
      ((bits & 2) !== 0 ? 'w' : '-') +
      ((permissions & special) !== 0 ? special_ : execute)
    );
  };
  const letters = triple(6, S_ISUID, 's') + triple(3, S_ISGID, 's') + triple(0, S_ISVTX, 't');
  return (type === undefined ? '' : LETTER[type]) + letters;
}

/** The type's letter in front may miss (all that ls of GNU knows will do), and the sign of an ACL or a label follow. */
const FORM = /^[-dlbcpsCDMnPw?]?([r-])([w-])([xsS-])([r-])([w-])([xsS-])([r-])([w-])([xtT-])[.+@]?$/;

/** The permissions of a string of `ls -l`, or undefined when it is none. */
export function readLs(text: string): number | undefined {
  const letters = FORM.exec(text)?.slice(1);
  if (letters === undefined) return undefined;
  let permissions = 0;
  for (const [index, letter] of letters.entries()) {
    if (letter !== '-' && letter !== 'S' && letter !== 'T') permissions |= 0o400 >> index;
    if (/[sStT]/.test(letter)) permissions |= S_ISUID >> ((index - 2) / 3);
  }
  return permissions;
}
