import { absolute, toBuffer, toByteString } from './byte-path.ts';
import { realLocation } from './real-location.ts';

/** The relative text of a link at `link` that leads to `target`, whose own links are kept. */
export function linkText(target: string, link: Buffer): Buffer {
  const from = realLocation(toByteString(link), { followLast: false }).slice(0, -1);
  const to = targetNames(target, from);
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared += 1;
  const names = [...from.slice(shared).fill('..'), ...to.slice(shared)];
  return toBuffer(names.length === 0 ? '.' : names.join('/'));
}

/**
 * The names of the target as it is written, but for two things: `..` after the name of a link leads from the link's other end; and
 * a beginning that leads to a directory above the link is that directory, under the name that the link's own way has.
 */
function targetNames(target: string, from: readonly string[]): string[] {
  const parts = absolute(target)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const climbed = parts.lastIndexOf('..') + 1;
  const names = [...realLocation(`/${parts.slice(0, climbed).join('/')}`), ...parts.slice(climbed)];
  for (let length = names.length - 1; length > 0; length -= 1) {
    const real = realLocation(`/${names.slice(0, length).join('/')}`);
    if (real.every((name, index) => from[index] === name)) return [...real, ...names.slice(length)];
  }
  return names;
}
