import { checkBoolean, checkInteger, checkOptions, checkString, invalidArgValue, outOfRange } from '@osx/errors';
import { EnvVar, type VariableOptions } from './env-var.ts';
import { checkSchema, readerOf } from './internal/validate-text.ts';
import { isVariableType } from './internal/is-ours.ts';
import { formatWith } from './internal/format-with.ts';
import type { StandardSchema } from './standard-schema.ts';
import { stringType } from './string-var.ts';
import { VariableType } from './variable-type.ts';

/** What is in a list, and between its items. */
export interface ListTypeOptions<Item> {
  /** The type of the items: a {@link VariableType} or a Standard Schema. Default: a text that is not empty. */
  readonly of?: StandardSchema<unknown, Item> | undefined;
  /** Default: a comma. There is no way to have it in an item: use {@link jsonType} for that. */
  readonly separator?: string | undefined;
  /** Whether spaces and tabs around an item are not part of it. Default true. */
  readonly trim?: boolean | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
}

/** Items with a separator between them; the empty text is the list without items. The array is frozen. */
export function listType<Item = string>(options?: ListTypeOptions<Item>): VariableType<readonly Item[]> {
  const {
    of,
    separator = ',',
    trim = true,
    minItems = 0,
    maxItems = Infinity,
  } = checkOptions<ListTypeOptions<Item>>('options', options);
  const item = (of === undefined ? stringType({ minLength: 1 }) : checkSchema('options.of', of)) as StandardSchema<
    unknown,
    Item
  >;
  if (checkString('options.separator', separator) === '')
    throw invalidArgValue('options.separator', 'not empty', separator);
  checkBoolean('options.trim', trim);
  checkInteger('options.minItems', minItems, { min: 0 });
  if (maxItems !== Infinity) checkInteger('options.maxItems', maxItems, { min: 0 });
  if (minItems > maxItems) throw outOfRange('options.maxItems', `>= ${minItems}`, maxItems);
  const read = readerOf(item);
  return new VariableType<readonly Item[]>({
    kind: 'list',
    expected: expectation(of === undefined ? undefined : item, separator, minItems, maxItems),
    parse(text, environ) {
      const parts = text === '' ? [] : text.split(separator);
      if (parts.length < minItems || parts.length > maxItems) return undefined;
      const items: Item[] = [];
      for (const [index, part] of parts.entries()) {
        const result = read(trim ? part.replaceAll(/^[ \t]+|[ \t]+$/g, '') : part, environ);
        if (result.issues !== undefined)
          return `has a wrong item ${index + 1}, which ${result.issues[0]?.message ?? 'is not valid'}`;
        items.push(result.value);
      }
      return { value: Object.freeze(items) };
    },
    format: (value) => (Array.isArray(value) ? joined(value, item, separator) : undefined),
  });
}

/**
 * A variable that is a list; see {@link listType}.
 *
 * @param name Of the variable.
 * @param options Those of the type, and `default`, `required`, `secret`, `description`, `emptyIsUnset`.
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { listVar } from '@osx/environ';
 *
 * const variable = listVar('PEERS', { minItems: 1 });
 * console.log(variable.get({ environ: { PEERS: 'a, b' } })); // [ 'a', 'b' ]
 * ```
 */
export function listVar<Item = string, Required extends boolean = true>(
  name: string,
  options?: ListTypeOptions<Item> & VariableOptions<readonly Item[], Required>,
): EnvVar<readonly Item[], Required> {
  return new EnvVar(name, { ...checkOptions('options', options), type: listType(options) });
}

function joined<Item>(
  items: readonly Item[],
  type: StandardSchema<unknown, Item>,
  separator: string,
): string | undefined {
  const texts = items.map((item) => formatWith(type, item));
  return texts.some((text) => text.includes(separator)) ? undefined : texts.join(separator);
}

function expectation(item: StandardSchema | undefined, separator: string, min: number, max: number): string {
  const items = (count: number): string => `${count} item${count === 1 ? '' : 's'}`;
  const count =
    max === Infinity
      ? min === 0
        ? ''
        : ` of at least ${items(min)}`
      : min === max
        ? ` of ${items(min)}`
        : ` of ${min} to ${items(max)}`;
  const each = isVariableType(item) ? `, each ${item.expected}` : '';
  return `a list${count} with ${JSON.stringify(separator)} between the items${each}`;
}
