import { checkOptions, invalidArgType, invalidArgValue } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { VariableType } from './variable-type.ts';

/** One of some words, spelt exactly so. */
export function enumType<const Word extends string>(words: readonly Word[]): VariableType<Word> {
  if (!Array.isArray(words)) throw invalidArgType('words', 'an instance of Array', words);
  const known = new Set<string>(words);
  for (const word of known) if (typeof word !== 'string') throw invalidArgType('words', 'an array of strings', word);
  if (known.size === 0) throw invalidArgValue('words', 'an array with at least one word', words);
  const names = [...known].map((word) => (/^[\w.:/-]+$/.test(word) ? word : JSON.stringify(word)));
  return new VariableType<Word>({
    kind: 'enum',
    expected: names.length === 1 ? String(names[0]) : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
    parse: (text) => (known.has(text) ? { value: text as Word } : undefined),
    format: (value) => (known.has(value) ? value : undefined),
  });
}

/**
 * A variable that is one of some words; see {@link enumType}.
 *
 * @param name Of the variable.
 * @param words At least one; what is read has their literal types.
 * @param options `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { enumVar } from '@osx/environ';
 *
 * const variable = enumVar('LEVEL', ['debug', 'info'], { default: 'info' });
 * console.log(variable.get({ environ: { LEVEL: 'info' } })); // info
 * ```
 */
export function enumVar<const Word extends string, Required extends boolean = true>(
  name: string,
  words: readonly Word[],
  options?: VariableOptions<Word, Required>,
): EnvVar<Word, Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: enumType(words) });
}
