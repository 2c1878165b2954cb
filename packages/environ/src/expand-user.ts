import { isAbsolute, sep } from 'node:path';
import { checkOneOf, checkOptions, checkString, SystemError } from '@osx/errors';
import type { EnvironOptions } from './environ.ts';
import { environOf } from './internal/check-environ.ts';
import { homeOf, ownHome } from './internal/home-directory.ts';

/** Where homes are looked up, and what of users that there are not. */
export interface ExpandUserOptions extends EnvironOptions {
  /** `'keep'` (default): the text stays as it is, as the shell has it. `'error'`: ENOENT. */
  readonly onUnknownUser?: 'keep' | 'error' | undefined;
}

/**
 * The path with `~` or `~user` at its start replaced by that user's home directory.
 *
 * `~` is `HOME` of the environment (on Windows `USERPROFILE`); where that is not set or no absolute path, what the user database
 * says of this process's user. `~user` is asked of the user database.
 *
 * **Platform** `~user` by getpwnam_r(3): Linux run, Darwin not run; elsewhere users are unknown.
 *
 * **Gotchas**: `~user` loads native code at the first call, and blocks for as long as the system's user database takes, which may
 * be a server. A file may be called `~x`: write `./~x` for it.
 *
 * @param path What does not begin with `~` comes back as it is.
 * @throws {SystemError} ENOENT where a home cannot be found: of this process's user always, of others with `onUnknownUser: 'error'`.
 * @example
 * ```ts
 * import { expandUser } from '@osx/environ';
 *
 * console.log(expandUser('~/.config', { environ: { HOME: '/srv/ada' } })); // /srv/ada/.config
 * console.log(expandUser('~root').startsWith('/'));
 * ```
 * @see https://man7.org/linux/man-pages/man3/getpwnam.3.html
 */
export function expandUser(path: string, options?: ExpandUserOptions): string {
  checkString('path', path);
  const { onUnknownUser = 'keep' } = checkOptions<ExpandUserOptions>('options', options);
  checkOneOf('options.onUnknownUser', onUnknownUser, ['keep', 'error']);
  const environ = environOf(options);
  if (!path.startsWith('~')) return path;
  const [, user = '', rest = ''] = (sep === '\\' ? /^~([^/\\]*)(.*)$/s : /^~([^/]*)(.*)$/s).exec(path) ?? [];
  const home = user === '' ? ownHome(environ) : user.includes('\0') ? undefined : homeOf(user);
  if (home !== undefined && isAbsolute(home)) return joined(home, rest);
  if (user !== '' && onUnknownUser === 'keep') return path;
  throw new SystemError({
    code: 'ENOENT',
    syscall: user === '' ? 'getpwuid' : 'getpwnam',
    message: 'no home directory',
    path,
  });
}

/** The root directory's slash is not doubled: `//x` is another place on some systems. */
function joined(home: string, rest: string): string {
  return rest === '' ? home : `${home.replace(sep === '\\' ? /[/\\]+$/ : /\/+$/, '')}${rest}`;
}
