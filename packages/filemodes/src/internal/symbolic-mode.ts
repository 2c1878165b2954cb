import { EXECUTE, PERMISSION_BITS, SET_ID, S_ISGID, S_ISUID, S_ISVTX } from './mode-bits.ts';

/** One operator of a mode and what it works on: `go-w`, `u=g`, `+X`. */
interface Action {
  readonly operator: '+' | '-' | '=';
  /** Bits of those who were named; 0 when nobody was, and the umask decides. */
  readonly who: number;
  readonly bits: number;
  /** Copies the three bits of a class instead of `bits`. */
  readonly copyFrom: 'u' | 'g' | 'o' | undefined;
  /** X: execute, where somebody may execute already, or in a directory. */
  readonly executeIfAny: boolean;
  /** Bits that were named, and so change also where a directory keeps what was not named. */
  readonly named: number;
}

/** A parsed mode, to be applied to any number of files. */
export interface SymbolicMode {
  readonly actions: readonly Action[];
  readonly needsUmask: boolean;
}

const WHO: Readonly<Record<string, number>> = {
  u: S_ISUID | 0o700,
  g: S_ISGID | 0o070,
  o: S_ISVTX | 0o007,
  a: PERMISSION_BITS,
};
const LETTER: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: EXECUTE, s: SET_ID, t: S_ISVTX, X: 0 };
const SHIFT = { u: 6, g: 3, o: 0 } as const;

const CLAUSE = /^(?<who>[ugoa]*)(?<actions>(?:[-+=](?:[ugo]|[rwxXst]*))*)(?<last>[-+=][0-7]+)?$/;
const ACTION = /([-+=])([ugo]|[rwxXst]*)/g;
/** chmod(1) takes any number of leading zeros. */
const OCTAL = /^0*[0-7]{1,4}$/;

/**
 * The parts of a mode as chmod(1) of GNU reads it: octal, or clauses `[ugoa]*([-+=]([rwxXst]*|[ugo]))+` with commas
 * between them. In a clause that names nobody the last operator may have octal digits.
 */
export function readSymbolic(text: string): SymbolicMode | undefined {
  if (/^[0-7]/.test(text)) {
    const octal = readOctal(text);
    return octal && { actions: [octal], needsUmask: false };
  }
  const actions: Action[] = [];
  for (const clause of text.split(',')) {
    const read = readClause(clause);
    if (read === undefined) return undefined;
    actions.push(...read);
  }
  return { actions, needsUmask: actions.some(({ who }) => who === 0) };
}

/** `755` keeps what setuid and setgid bits a directory has; `00755`, five digits or more, takes them away. */
function readOctal(text: string): Action | undefined {
  if (!OCTAL.test(text)) return undefined;
  const bits = Number.parseInt(text, 8);
  return exactly(bits, text.length < 5 ? bits | ~SET_ID : PERMISSION_BITS);
}

/** Sets all of the bits; in a directory the set-id bits only if they are among `named`. */
export function exactly(bits: number, named: number): Action {
  return { operator: '=', who: PERMISSION_BITS, bits, copyFrom: undefined, executeIfAny: false, named };
}

function readClause(clause: string): Action[] | undefined {
  const { who: names = '', actions = '', last } = CLAUSE.exec(clause)?.groups ?? {};
  const who = union(names, WHO);
  const read = Array.from(actions.matchAll(ACTION), ([, operator, letters = '']) => {
    const copyFrom = /^[ugo]$/.test(letters) ? (letters as 'u' | 'g' | 'o') : undefined;
    const bits = copyFrom === undefined ? union(letters, LETTER) : 0;
    const named = who === 0 ? bits : who & bits;
    return {
      operator: operator as Action['operator'],
      who,
      bits,
      copyFrom,
      executeIfAny: letters.includes('X'),
      named,
    };
  });
  if (last !== undefined) {
    const digits = last.slice(1);
    if (who !== 0 || !OCTAL.test(digits)) return undefined;
    const action = exactly(Number.parseInt(digits, 8), PERMISSION_BITS);
    read.push({ ...action, operator: last[0] as Action['operator'] });
  }
  return read.length === 0 ? undefined : read;
}

function union(letters: string, table: Readonly<Record<string, number>>): number {
  let bits = 0;
  for (const letter of letters) bits |= table[letter] as number;
  return bits;
}

/** What a file with the permissions `current` has after a mode was applied to it. */
export function applySymbolic(mode: SymbolicMode, current: number, isDirectory: boolean, umask: number): number {
  let permissions = current & PERMISSION_BITS;
  for (const action of mode.actions) permissions = applyAction(action, permissions, isDirectory, umask);
  return permissions;
}

function applyAction(action: Action, permissions: number, isDirectory: boolean, umask: number): number {
  const { operator, who, named } = action;
  // A directory keeps setuid and setgid unless they are named: they mean something else there, and get lost by mistake.
  const kept = isDirectory ? SET_ID & ~named : 0;
  const bits = bitsOf(action, permissions, isDirectory) & (who === 0 ? ~umask : who) & ~kept;
  if (operator === '+') return permissions | bits;
  if (operator === '-') return permissions & ~bits;
  return (permissions & ((who === 0 ? 0 : ~who) | kept)) | bits;
}

function bitsOf({ bits, copyFrom, executeIfAny }: Action, permissions: number, isDirectory: boolean): number {
  if (copyFrom !== undefined) return ((permissions >> SHIFT[copyFrom]) & 0o7) * 0o111;
  return executeIfAny && (isDirectory || (permissions & EXECUTE) !== 0) ? bits | EXECUTE : bits;
}
