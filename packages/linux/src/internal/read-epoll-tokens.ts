import { readFileSync } from 'node:fs';

import { withSystemErrors } from '@osx/errors';

/** The tokens of what an epoll has registered, as the kernel shows them (`tfd:` lines of fdinfo). */
export function readEpollTokens(epoll: number): Set<number> {
  const fdinfo = withSystemErrors(() => readFileSync(`/proc/self/fdinfo/${epoll}`, 'latin1'));
  const lines = fdinfo.matchAll(/^tfd:.* data:\s*([0-9a-f]+)/gm);
  return new Set(Array.from(lines, ([, token = '']) => Number.parseInt(token, 16)));
}
