import { SystemError } from '@osx/errors';

// The four formats of cgroup files, under the names that the kernel's own document (cgroup-v2.rst) has for them.

export type CgroupValue = number | string;

/** A number as the kernel writes it; `max` is Infinity. */
export function parseNumber(text: string, key: string): number {
  const value = numberOrText(text);
  if (typeof value === 'number') return value;
  throw new SystemError({ code: 'EBADMSG', syscall: 'read', path: key, message: `'${text}' is not a number` });
}

/** Words on one line, or one a line. */
export function parseList(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** `KEY VALUE` lines. */
export function parseFlatKeyed(text: string): Record<string, number> {
  return Object.fromEntries(
    linesOf(text).map((line) => {
      const [key = '', value = ''] = line.split(' ');
      return [key, parseNumber(value, key)];
    }),
  );
}

/** `KEY SUB=VALUE SUB=VALUE` lines; a line without a key has the key ''. */
export function parseNestedKeyed(text: string): Record<string, Record<string, CgroupValue>> {
  return Object.fromEntries(
    linesOf(text).map((line) => {
      const words = parseList(line);
      const key = words[0]?.includes('=') === true ? '' : (words.shift() ?? '');
      return [key, Object.fromEntries(words.map(subValue))];
    }),
  );
}

function subValue(word: string): [string, CgroupValue] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word, ''] : [word.slice(0, equals), numberOrText(word.slice(equals + 1))];
}

function numberOrText(text: string): CgroupValue {
  if (text === 'max') return Infinity;
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
