import { constants } from 'node:fs';
import { inspect } from 'node:util';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { FileMode, type FileModeTraits, type OpenLanguage } from '@osx/filemodes';
import { platformConstants } from '@osx/native-ffi';

import { subsets, words } from './fixtures/open-words.ts';

const { O_APPEND, O_CREAT, O_DIRECTORY, O_DSYNC, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_SYNC } = constants;
const { O_TRUNC, O_WRONLY } = constants;
const { O_CLOEXEC } = platformConstants();
const optional = [O_APPEND, O_CREAT, O_TRUNC, O_EXCL, O_SYNC, O_CLOEXEC];

const writers = { python: 'toPython', c: 'toC', node: 'toNode' } as const;
const languages = Object.keys(writers) as OpenLanguage[];

describe('flags', () => {
  const all = [O_RDONLY, O_WRONLY, O_RDWR].flatMap((access) =>
    subsets(optional).map((flags) => flags.reduce((sum, flag) => sum | flag, access)),
  );

  test('each combination comes back as it was, or is refused because open(2) leaves it undefined', () => {
    let refused = 0;
    for (const flags of all) {
      const isWriting = (flags & (O_WRONLY | O_RDWR)) !== 0;
      const isUndefined =
        ((flags & O_TRUNC) !== 0 && !isWriting) || ((flags & O_EXCL) !== 0 && (flags & O_CREAT) === 0);
      if (isUndefined) {
        refused += 1;
        expect(() => FileMode.fromFlags(flags), String(flags)).toThrow(
          expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE', name: 'TypeError' }),
        );
      } else expect(FileMode.fromFlags(flags).toFlags()).toBe(flags);
    }
    expect([all.length, refused]).toEqual([192, 72]);
  });

  test('what has a word in a language comes back from it: without O_CLOEXEC where all is so, O_TRUNC where the file is new', () => {
    const spoken = { python: 0, c: 0, node: 0 };
    for (const flags of all) {
      const mode = modeOf(flags);
      for (const language of mode === undefined ? [] : languages) {
        const word = wordOf(mode as FileMode, language);
        if (word === undefined) continue;
        spoken[language] += 1;
        const back = FileMode.parse(word, { language }).toFlags();
        const silent = (language === 'c' ? 0 : O_CLOEXEC) | ((flags & O_EXCL) !== 0 ? O_TRUNC : 0);
        expect(back & ~silent, `${language} ${word}`).toBe(flags & ~silent);
      }
    }
    // Each with and without O_CLOEXEC; with O_EXCL, also with and without O_TRUNC.
    expect(spoken).toEqual({ python: 2 * (6 + 2 * 2), c: 2 * (6 + 2 + 2 * 2), node: 2 * (6 + 2 + 2 * 2 + 4) });
  });

  test.each([
    ['O_NONBLOCK', O_NONBLOCK],
    ['O_NOFOLLOW', O_NOFOLLOW],
    ['O_DIRECTORY', O_DIRECTORY],
    ['O_DSYNC', O_DSYNC],
    ['O_NOFOLLOW, O_NONBLOCK', O_NONBLOCK | O_NOFOLLOW],
    ['access mode 3', 3],
    ['0o40000000', 0o40000000],
  ])('%s is refused by name', (name, flags) => {
    expect(() => FileMode.fromFlags(O_CREAT | flags)).toThrow(`must be without ${name}, which no open mode has`);
  });

  test.runIf(process.platform === 'linux')('O_LARGEFILE, which the kernel adds, is not looked at', () => {
    const O_LARGEFILE = process.arch === 'arm64' ? 0o400000 : 0o100000;
    expect(FileMode.fromFlags(O_RDWR | O_LARGEFILE).toFlags()).toBe(O_RDWR);
  });

  test.each([
    ['text', '2', 'ERR_INVALID_ARG_TYPE'],
    ['undefined', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['negative', -1, 'ERR_OUT_OF_RANGE'],
    ['a fraction', 0.5, 'ERR_OUT_OF_RANGE'],
    ['beyond an int', 2 ** 31, 'ERR_OUT_OF_RANGE'],
  ])('%s is refused', (_, flags, code) => {
    expect(() => FileMode.fromFlags(flags as number)).toThrow(expect.objectContaining({ code }));
  });
});

describe('words', () => {
  test.each([
    ['r', O_RDONLY, 'r', 'r', 'r'],
    ['rb', O_RDONLY, 'rb', 'rb', 'r'],
    ['rt', O_RDONLY, 'r', 'r', 'r'],
    ['r+b', O_RDWR, 'r+b', 'r+b', 'r+'],
    ['rb+', O_RDWR, 'r+b', 'r+b', 'r+'],
    ['w', O_WRONLY | O_CREAT | O_TRUNC, 'w', 'w', 'w'],
    ['w+', O_RDWR | O_CREAT | O_TRUNC, 'w+', 'w+', 'w+'],
    ['a', O_WRONLY | O_CREAT | O_APPEND, 'a', 'a', 'a'],
    ['a+', O_RDWR | O_CREAT | O_APPEND, 'a+', 'a+', 'a+'],
    ['x', O_WRONLY | O_CREAT | O_EXCL, 'x', 'wx', 'wx'],
    ['x+b', O_RDWR | O_CREAT | O_EXCL, 'x+b', 'w+bx', 'wx+'],
    ['wx', O_WRONLY | O_CREAT | O_EXCL | O_TRUNC, 'x', 'wx', 'wx'],
    ['xw', O_WRONLY | O_CREAT | O_EXCL | O_TRUNC, 'x', 'wx', 'wx'],
    ['ax+', O_RDWR | O_CREAT | O_EXCL | O_APPEND, undefined, 'a+x', 'ax+'],
    ['rs+', O_RDWR | O_SYNC, undefined, undefined, 'rs+'],
    ['as', O_WRONLY | O_CREAT | O_APPEND | O_SYNC, undefined, undefined, 'as'],
    ['re', O_RDONLY | O_CLOEXEC, 'r', 're', 'r'],
    ['rm', O_RDONLY, 'r', 'rm', 'r'],
    ['rc', O_RDONLY, 'r', 'rc', 'r'],
    ['w+bxemc', O_RDWR | O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC, 'x+b', 'w+bxemc', 'wx+'],
    ['wcmexb+', O_RDWR | O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC, 'x+b', 'w+bxemc', 'wx+'],
  ])('%s', (word, flags, python, c, node) => {
    const mode = FileMode.parse(word);
    expect(mode.toFlags()).toBe(flags);
    expect(languages.map((language) => wordOf(mode, language))).toEqual([python, c, node]);
  });

  test('what has no word says so, by its flags', () => {
    const mode = new FileMode({ read: true, write: true, create: true });
    expect(() => mode.toNode()).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARG_VALUE',
        message: `The "mode" argument must be one that fs.open has a word for. Received 'O_RDWR|O_CREAT'`,
      }),
    );
    expect(() => FileMode.parse('rs').toC()).toThrow('fopen has a word for');
    expect(() => FileMode.parse('ax').toPython()).toThrow("Python's open() has a word for");
  });

  test.each(languages)('every word of %s is written as it was read, its letters in the usual order', (language) => {
    const known = words(language);
    for (const word of known) {
      const mode = FileMode.parse(word, { language });
      const written = mode[writers[language]]();
      expect(written.split('').sort().join('').replace('t', '')).toBe(word.split('').sort().join('').replace('t', ''));
      expect(FileMode.parse(written, { language }).equals(mode)).toBe(true);
      expect(FileMode.parse(word).toFlags()).toBe(mode.toFlags());
    }
    expect(known.length).toBe({ python: 4 * 19, c: 2 * 1957 + 326, node: 22 }[language]);
  });

  test('a word that two languages have means the same in both', () => {
    for (const word of new Set([...words('python'), ...words('c'), ...words('node')])) {
      const flags = languages.flatMap((language) => {
        const mode = parsed(word, language);
        return mode === undefined ? [] : [mode.toFlags()];
      });
      expect(new Set(flags).size, word).toBe(1);
    }
  });

  test.each([
    '',
    ' ',
    'R',
    '+',
    'b',
    't',
    '+b',
    'rr',
    'r++',
    'rbb',
    'rw',
    'wa',
    'rx',
    'rx+',
    'rbt',
    'rU',
    'U',
    'ws',
    'ws+',
    'asx',
    'rse',
    'rte',
    'xe',
    'xs',
    'r,ccs=UTF-8',
    'r ',
    ' r',
    'r\n',
    'r\0',
    'é',
    'sw',
    'constructor',
    'rn',
    'x+s',
  ])('%j is no word', (word) => {
    expect(() => FileMode.parse(word)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringContaining("an open mode of Python's open(), fopen, fs.open."),
      }),
    );
  });

  test.each<[OpenLanguage, string[]]>([
    ['python', ['wx', 'rs', 're', 'rm', 'xw']],
    ['c', ['x', 'rt', 'br', '+r', 'rs', 'xw', 'x+']],
    ['node', ['rb', 'rt', 'x', 're', 'w+x', '+r', 'xa+b', 'r+s']],
  ])('%s has not the words of others', (language, foreign) => {
    for (const word of foreign) expect(parsed(word, language), word).toBeUndefined();
  });

  test('random text is refused or read by its letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'rwaxbt+semc,U '.split('')), maxLength: 9 }), (text) => {
        const mode = parsed(text);
        if (mode !== undefined) expect(new Set(text).size).toBe(text.length);
        if (mode !== undefined) expect(mode.read && mode.write).toBe(text.includes('+'));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['no text', [3], 'ERR_INVALID_ARG_TYPE'],
    ['options null', ['r', null], 'ERR_INVALID_ARG_TYPE'],
    ['an unknown language', ['r', { language: 'perl' }], 'ERR_INVALID_ARG_VALUE'],
  ])('%s is refused', (_, args, code) => {
    expect(() => FileMode.parse(...(args as [string]))).toThrow(expect.objectContaining({ code }));
  });
});

describe('traits', () => {
  test('all traits of a mode make the same mode', () => {
    fc.assert(
      fc.property(traitsArbitrary(), (traits) => {
        const mode = made(traits);
        const { read, write, create, truncate, exclusive } = { ...noTraits, ...traits };
        const isPossible = (read || write) && (write || !truncate) && (create || !exclusive);
        expect(mode !== undefined).toBe(isPossible);
        if (mode === undefined) return;
        expect(mode).toMatchObject({ ...noTraits, ...traits });
        expect(mode.with({}).equals(mode)).toBe(true);
        const { binary, mmap, noCancel } = mode;
        expect(FileMode.fromFlags(mode.toFlags()).with({ binary, mmap, noCancel }).equals(mode)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('with changes some, equals sees it, and the first stays as it was', () => {
    const mode = FileMode.parse('r');
    const changed = mode.with({ binary: true });
    expect([mode.binary, changed.binary, mode.equals(changed), changed.toPython()]).toEqual([false, true, false, 'rb']);
    expect(() => mode.with({ truncate: true })).toThrow('to write where it is to truncate');
    expect(Object.isFrozen(mode)).toBe(true);
  });

  test.each([
    [{}, 'to read, to write or both'],
    [{ read: true, exclusive: true }, 'to create where it is exclusive'],
    [{ read: true, create: true, truncate: true }, 'to write where it is to truncate'],
  ])('%j is refused', (traits, message) => {
    expect(() => new FileMode(traits)).toThrow(message);
  });

  test.each([
    ['a trait no boolean', { read: 1 }],
    ['traits null', null],
    ['traits an array', []],
  ])('%s is refused', (_, traits) => {
    expect(() => new FileMode(traits as FileModeTraits)).toThrow(TypeError);
  });

  test('shows its flags', () => {
    expect(String(FileMode.parse('a+'))).toBe('O_RDWR|O_CREAT|O_APPEND');
    expect(inspect(FileMode.parse('w+bxemc'))).toBe(
      'FileMode { O_RDWR|O_CREAT|O_EXCL|O_TRUNC|O_CLOEXEC, binary, mmap, noCancel }',
    );
    expect(String(FileMode.parse('rs'))).toBe('O_RDONLY|O_SYNC');
  });
});

const noTraits = {
  read: false,
  write: false,
  append: false,
  create: false,
  truncate: false,
  exclusive: false,
  sync: false,
  closeOnExec: false,
  binary: false,
  mmap: false,
  noCancel: false,
};

function traitsArbitrary(): fc.Arbitrary<FileModeTraits> {
  const names = Object.keys(noTraits) as (keyof typeof noTraits)[];
  return fc.record(Object.fromEntries(names.map((name) => [name, fc.boolean()])), { requiredKeys: [] });
}

function made(traits: FileModeTraits): FileMode | undefined {
  try {
    return new FileMode(traits);
  } catch {
    return undefined;
  }
}

function modeOf(flags: number): FileMode | undefined {
  try {
    return FileMode.fromFlags(flags);
  } catch {
    return undefined;
  }
}

function parsed(word: string, language?: OpenLanguage): FileMode | undefined {
  try {
    return FileMode.parse(word, { language });
  } catch {
    return undefined;
  }
}

function wordOf(mode: FileMode, language: OpenLanguage): string | undefined {
  try {
    return mode[writers[language]]();
  } catch {
    return undefined;
  }
}
