import { isAbsolute } from 'node:path';
import { errnoNumber, SystemError } from '@osx/errors';
import { defineCall, nonNegativeOrError, toCString } from '@osx/native-ffi';
import type { Environ } from '../environ.ts';
import { textAt } from './c-string-at.ts';
import { lookUp } from './check-environ.ts';
import { passwdStruct } from './passwd-struct.ts';

const largestBuffer = 1 << 20;

/** Fails by giving the errno itself; 0 also where there is no such user. */
const getpwnamR = defineCall({
  name: 'getpwnam_r',
  returns: 'int',
  parameters: ['pointer', 'pointer', 'pointer', 'size_t', 'pointer'],
  decode: nonNegativeOrError,
});

/** The home of the user whose environment it is; else that of this process's user. */
export function ownHome(environ: Environ): string | undefined {
  const home = lookUp(environ, process.platform === 'win32' ? 'USERPROFILE' : 'HOME');
  if (home !== undefined && isAbsolute(home)) return home;
  try {
    return process.getBuiltinModule('node:os').userInfo().homedir;
  } catch {
    // A uid that the user database does not know, as in many containers.
    return undefined;
  }
}

/** The home that the user database has for a name; `undefined` when it has no such user. */
export function homeOf(user: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  const entry = Buffer.alloc(passwdStruct.size());
  const found = Buffer.alloc(8);
  // Not below a kilobyte: smaller ones may lie where the garbage collector moves them.
  for (let size = 4096; ; size *= 4) {
    const texts = Buffer.alloc(size);
    const errno = getpwnamR(toCString(user), entry, texts, size, found);
    if (errno === errnoNumber('ERANGE') && size < largestBuffer) continue;
    if (isUnknown(errno)) return undefined;
    if (errno !== 0) throw new SystemError({ errno, syscall: 'getpwnam' });
    return found.readBigUInt64LE() === 0n ? undefined : textAt(passwdStruct.unpack(entry).pw_dir).toString();
  }
}

/** Some C libraries say "no such user" by one of these. */
function isUnknown(errno: number): boolean {
  return ['ENOENT', 'ESRCH', 'EBADF', 'EPERM'].some((name) => errno === errnoNumber(name));
}
