import { isNativeAvailable } from '@osx/native-ffi';

import { attempt, type Steps } from './calls.ts';
import type { FilePath } from './file-path.ts';
import { showsAllLocks } from './file-systems.ts';
import type { Proof } from './temporary-name.ts';

const MAX_KNOWN = 100;
/** A directory that has become another file system since then does no harm: the sweep asks again, and both proofs hold anywhere. */
const known = new Map<string, Proof>();

/** Which proof temporaries in a directory can have. */
export function* proofIn(directory: FilePath): Steps<Proof> {
  if (!isNativeAvailable()) return 'process';
  if (process.platform !== 'linux') return 'lock';
  const key = directory.toString('latin1');
  const answer = known.get(key);
  if (answer !== undefined) return answer;
  const { error, value } = yield* attempt('statfs', directory);
  // The creation that follows says what is wrong.
  if (error !== undefined) return 'process';
  const proof = showsAllLocks(value) ? 'lock' : 'process';
  if (known.size === MAX_KNOWN) known.clear();
  known.set(key, proof);
  return proof;
}
