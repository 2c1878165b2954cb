import { errnoName } from './errno-name.ts';
import { errnoTexts } from './internal/errno/texts.ts';

let texts: ReadonlyMap<string, string> | undefined;

/**
 * What an errno means, in the words of Node's own messages: `no locks available` for `ENOLCK`.
 *
 * A number without a name gives Node's `Unknown system error -N`, a name without a text `unknown error`.
 *
 * @param errno A number of either sign, or a name.
 * @param platform Whose number it is, as in `process.platform`; default: this one. A name means the same everywhere.
 * @example
 * ```ts
 * import { strerror } from '@osx/errors';
 *
 * console.log(strerror(37, 'linux')); // no locks available
 * console.log(strerror('ENOLCK')); // no locks available
 * ```
 * @see {@link https://man7.org/linux/man-pages/man3/strerror.3.html strerror(3)}
 */
export function strerror(errno: number | string, platform: string = process.platform): string {
  const name = typeof errno === 'string' ? errno : errnoName(errno, platform);
  if (name === undefined) return `Unknown system error ${-Math.abs(errno as number)}`;
  texts ??= new Map(Object.entries(errnoTexts()));
  return texts.get(name) ?? 'unknown error';
}
