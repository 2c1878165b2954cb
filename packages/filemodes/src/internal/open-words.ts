import type { OpenTraits } from './open-flags.ts';

/** Whose words for open modes: `open()` of Python, `fopen` of C as glibc has it, `fs.open` of Node. */
export type OpenLanguage = 'python' | 'c' | 'node';

/** What a word says; the last three are no flags of open(2). */
export interface WordTraits extends OpenTraits {
  readonly binary: boolean;
  readonly mmap: boolean;
  readonly noCancel: boolean;
}

const LETTERS: Readonly<Record<OpenLanguage, { first: RegExp; word: RegExp }>> = {
  // One of rwax, with + and b or t, in any order.
  python: { first: /[rwax]/g, word: /^[rwaxbt+]+$/ },
  // glibc looks at six letters behind the first one, so all of these have their place.
  c: { first: /^[rwa]/g, word: /^[rwa][+bxemc]*$/ },
  node: { first: /[rwa]/g, word: /^(r|rs|sr|r\+|rs\+|sr\+|[wa]|[wa]x|x[wa]|[wa]x?\+|x[wa]\+|as|sa|as\+|sa\+)$/ },
};

/** What a word of a language says, or undefined when it is none. */
export function readWord(word: string, language: OpenLanguage): WordTraits | undefined {
  const { first, word: form } = LETTERS[language];
  const letters = new Set(word);
  if (!form.test(word) || letters.size !== word.length) return undefined;
  const kinds = word.match(first) ?? [];
  if (kinds.length !== 1 || (letters.has('b') && letters.has('t'))) return undefined;
  const [kind] = kinds;
  const isRead = kind === 'r';
  const plus = letters.has('+');
  const exclusive = letters.has('x');
  // fopen would pass O_EXCL on without O_CREAT, which open(2) leaves undefined.
  if (isRead && exclusive) return undefined;
  return {
    read: isRead || plus,
    write: !isRead || plus,
    append: kind === 'a',
    create: !isRead,
    truncate: kind === 'w',
    exclusive,
    sync: letters.has('s'),
    closeOnExec: letters.has('e'),
    binary: letters.has('b'),
    mmap: letters.has('m'),
    noCancel: language === 'c' && letters.has('c'),
  };
}

/** The word of a language for these traits, or undefined when it has none. */
export function writeWord(traits: WordTraits, language: OpenLanguage): string | undefined {
  const kind = kindOf(traits, language);
  if (kind === undefined) return undefined;
  const plus = traits.read && traits.write ? '+' : '';
  const exclusive = traits.exclusive && kind !== 'x' ? 'x' : '';
  if (language === 'node') return kind + exclusive + (traits.sync ? 's' : '') + plus;
  const binary = traits.binary ? 'b' : '';
  if (language === 'python') return kind + plus + binary;
  const hints = (traits.closeOnExec ? 'e' : '') + (traits.mmap ? 'm' : '') + (traits.noCancel ? 'c' : '');
  return kind + plus + binary + exclusive + hints;
}

/** `r`, `w`, `a` or Python's `x`. A file that must be new is empty: with O_EXCL, O_TRUNC does nothing and is not looked at. */
function kindOf(traits: WordTraits, language: OpenLanguage): string | undefined {
  const { read, write, append, create, truncate, exclusive, sync } = traits;
  if (sync && (language !== 'node' || exclusive)) return undefined;
  if (!create) return read && !append && !truncate ? 'r' : undefined;
  if (!write) return undefined;
  if (append) return truncate || (exclusive && language === 'python') ? undefined : 'a';
  if (exclusive) return language === 'python' ? 'x' : 'w';
  return truncate && !sync ? 'w' : undefined;
}
