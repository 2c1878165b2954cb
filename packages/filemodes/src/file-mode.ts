import { checkBoolean, checkInteger, checkOneOf, checkOptions, checkString, invalidArgValue } from '@osx/errors';

import { bitsOf, flagText, traitsOf } from './internal/open-flags.ts';
import { readWord, writeWord, type OpenLanguage, type WordTraits } from './internal/open-words.ts';

export type { OpenLanguage };

/** What a {@link FileMode} is made of; what is not given is false. */
export type FileModeTraits = Partial<WordTraits>;

const LANGUAGES = ['python', 'c', 'node'] as const;
const NAMES: Readonly<Record<OpenLanguage, string>> = { python: "Python's open()", c: 'fopen', node: 'fs.open' };
const TRAITS = [
  'read',
  'write',
  'append',
  'create',
  'truncate',
  'exclusive',
  'sync',
  'closeOnExec',
  'binary',
  'mmap',
  'noCancel',
] as const satisfies readonly (keyof WordTraits)[];

/**
 * How a file is opened: a word such as `'r+b'` or `'wx'` of Python, C or Node, and the flags of open(2) that it stands
 * for. Immutable.
 *
 * `fromFlags(n).toFlags()` is `n`, and a word that is parsed and written in its language is the same word, its letters
 * in the usual order. Between languages a word changes only as far as open(2) does the same: Python's `'x'` is C's
 * `'wx'`, for what was just created needs no truncation.
 *
 * | | flags | Python | C | Node |
 * |---|---|---|---|---|
 * | `r` | O_RDONLY | yes | yes | yes |
 * | `w` | O_WRONLY, O_CREAT, O_TRUNC | yes | yes | yes |
 * | `a` | O_WRONLY, O_CREAT, O_APPEND | yes | yes | yes |
 * | `x` | O_CREAT, O_EXCL | in place of `r w a` | with `w a` | with `w a` |
 * | `+` | O_RDWR | yes | yes | yes |
 * | `s` | O_SYNC | no | no | with `r a` |
 * | `e` | O_CLOEXEC | always so, unsaid | yes | always so, unsaid |
 * | `b` | none | yes | yes | left out |
 * | `t` | none | the default | no | no |
 * | `m` `c` | none: mmap, no cancellation points | left out | yes | left out |
 *
 * **Platform**: all; `closeOnExec` has a number on Linux and macOS. glibc's `,ccs=` is refused: it says nothing of the
 * file.
 *
 * **Gotchas**: `'rx'` is refused, though fopen takes it: O_EXCL without O_CREAT is undefined. What no language has a
 * word for ("open or create, and keep the content": O_RDWR|O_CREAT) has flags all the same.
 *
 * @example
 * ```ts
 * import { openSync } from 'node:fs';
 * import { FileMode } from '@osx/filemodes';
 *
 * const mode = FileMode.parse('x+b');
 * console.log(mode.toC(), mode.toNode()); // w+bx wx+
 * openSync('new-file', mode.toFlags());
 * console.log(String(new FileMode({ read: true, write: true, create: true }))); // O_RDWR|O_CREAT
 * ```
 * @see https://man7.org/linux/man-pages/man2/open.2.html
 * @see https://man7.org/linux/man-pages/man3/fopen.3.html
 */
export class FileMode implements WordTraits {
  readonly read: boolean;
  readonly write: boolean;
  /** Each write goes to the end of the file: O_APPEND. */
  readonly append: boolean;
  readonly create: boolean;
  readonly truncate: boolean;
  /** Fails with EEXIST when there is a file: O_EXCL. */
  readonly exclusive: boolean;
  /** A write returns when it is on the disk: O_SYNC. */
  readonly sync: boolean;
  readonly closeOnExec: boolean;
  /** Bytes, not text; for Python. */
  readonly binary: boolean;
  /** glibc may read by mmap(2). */
  readonly mmap: boolean;
  /** glibc's stream is no cancellation point. */
  readonly noCancel: boolean;

  /**
   * @throws {TypeError} for a trait that is no boolean, and `ERR_INVALID_ARG_VALUE` for what open(2) cannot do: neither
   *   read nor write, truncate without write, exclusive without create.
   */
  constructor(traits: FileModeTraits) {
    const given = checkOptions('traits', traits);
    const value = (name: keyof WordTraits): boolean => checkBoolean(`traits.${name}`, given[name] ?? false);
    this.read = value('read');
    this.write = value('write');
    this.append = value('append');
    this.create = value('create');
    this.truncate = value('truncate');
    this.exclusive = value('exclusive');
    this.sync = value('sync');
    this.closeOnExec = value('closeOnExec');
    this.binary = value('binary');
    this.mmap = value('mmap');
    this.noCancel = value('noCancel');
    if (!this.read && !this.write) throw invalidArgValue('traits', 'to read, to write or both', traits);
    refuseImpossible('traits', this, traits);
    Object.freeze(this);
  }

  /**
   * What a word says.
   *
   * @param word `'r'`, `'rb+'`, `'ax'`, `'wxe'`, `'rs+'` ... Each letter once.
   * @param options `language`: only its words will do; default: those of all three, which do not contradict each other.
   * @throws {TypeError} `ERR_INVALID_ARG_VALUE` for what is no word.
   */
  static parse(word: string, options: { readonly language?: OpenLanguage | undefined } = {}): FileMode {
    checkString('word', word);
    const { language } = checkOptions('options', options);
    const languages =
      language === undefined ? LANGUAGES : ([checkOneOf('options.language', language, LANGUAGES)] as const);
    for (const each of languages) {
      const traits = readWord(word, each);
      if (traits !== undefined) return new FileMode(traits);
    }
    throw invalidArgValue('word', `an open mode of ${languages.map((each) => NAMES[each]).join(', ')}`, word);
  }

  /**
   * What flags say, as from {@link toFlags} or F_GETFL. O_LARGEFILE, which the kernel adds by itself, is not looked at.
   *
   * @param flags O_* of `fs.constants`, or-ed.
   * @throws {TypeError} `ERR_INVALID_ARG_VALUE` for flags that no mode has (O_NONBLOCK, O_NOFOLLOW, O_DIRECTORY ...), for O_TRUNC without
   *   writing and O_EXCL without O_CREAT, which open(2) leaves undefined; `ERR_OUT_OF_RANGE`.
   */
  static fromFlags(flags: number): FileMode {
    checkInteger('flags', flags, { min: 0, max: 2 ** 31 - 1 });
    const { traits, others } = traitsOf(flags);
    if (others.length > 0)
      throw invalidArgValue('flags', `without ${others.join(', ')}, which no open mode has`, flags);
    refuseImpossible('flags', traits, flags);
    return new FileMode(traits);
  }

  /**
   * The flags of open(2), for `fs.open` and its kin.
   *
   * @throws {UnsupportedError} for `closeOnExec` on a system whose number for it is not known here.
   */
  toFlags(): number {
    return bitsOf(this);
  }

  /** The word for Python's `open()`. @throws {TypeError} `ERR_INVALID_ARG_VALUE` when there is none. */
  toPython(): string {
    return this.#wordOf('python');
  }

  /** The word for `fopen` of C. @throws {TypeError} `ERR_INVALID_ARG_VALUE` when there is none. */
  toC(): string {
    return this.#wordOf('c');
  }

  /** The word for `fs.open`. @throws {TypeError} `ERR_INVALID_ARG_VALUE` when there is none. */
  toNode(): string {
    return this.#wordOf('node');
  }

  /** The same with other traits. @throws {TypeError} as the constructor does. */
  with(traits: FileModeTraits): FileMode {
    const own = Object.fromEntries(TRAITS.map((name) => [name, this[name]]));
    return new FileMode({ ...own, ...checkOptions('traits', traits) });
  }

  /** Whether all traits are the same. */
  equals(other: FileMode): boolean {
    return TRAITS.every((name) => this[name] === other[name]);
  }

  /** The flags by their names in C: `O_WRONLY|O_CREAT|O_TRUNC`. */
  toString(): string {
    return flagText(this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const rest = (['binary', 'mmap', 'noCancel'] as const).filter((name) => this[name]);
    return `FileMode { ${[flagText(this), ...rest].join(', ')} }`;
  }

  #wordOf(language: OpenLanguage): string {
    const word = writeWord(this, language);
    if (word === undefined) throw invalidArgValue('mode', `one that ${NAMES[language]} has a word for`, flagText(this));
    return word;
  }
}

function refuseImpossible(
  name: string,
  traits: Pick<WordTraits, 'write' | 'truncate' | 'exclusive' | 'create'>,
  value: unknown,
) {
  if (traits.truncate && !traits.write) {
    throw invalidArgValue(name, 'to write where it is to truncate (open(2) leaves it undefined)', value);
  }
  if (traits.exclusive && !traits.create) {
    throw invalidArgValue(name, 'to create where it is exclusive (open(2) leaves it undefined)', value);
  }
}
