import { UNKNOWN, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/**
 * How it is proved that the owner of a temporary is gone. `lock`: the owner holds a lock on it as long as it lives.
 * `process`: the name tells the owner, for where a lock proves nothing or there is none.
 */
export type Proof = 'lock' | 'process';

/** Behind what is random: by it, and what stands before it, a temporary is known. */
export const MARK = '.osxtmp';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const POOL_BYTES = 1024;
const RANDOM_BYTES = 16;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** 80 bits: nobody puts something in the way who does not read the directory. */
function randomText(): string {
  if (used === POOL_BYTES) {
    process.getBuiltinModule('node:crypto').randomFillSync(pool);
    used = 0;
  }
  let text = '';
  for (let index = 0; index < RANDOM_BYTES; index++) text += ALPHABET.charAt((pool[used + index] as number) & 31);
  used += RANDOM_BYTES;
  return text;
}

/** The part of a name between prefix and suffix. */
export function temporaryName(proof: Proof): string {
  return `${randomText()}${proof === 'lock' ? '' : `-${ownerText()}`}${MARK}`;
}

let owner: string | undefined;

function ownerText(): string {
  owner ??= formatOwner(ownIdentity());
  return owner;
}

export function formatOwner({ boot, pidNamespace, timeNamespace, pid, startTime }: ProcessIdentity): string {
  return [boot, pidNamespace, timeNamespace, pid.toString(36), startTime].join('-');
}

const PATTERN =
  /[0-9a-z]{16}(?:-([0-9a-f]{12}|x)-([0-9a-z]{1,13})-([0-9a-z]{1,13})-([0-9a-z]{1,7})-([0-9a-z]{1,13}))?\.osxtmp/;

/** The proof that a name promises; undefined for a name that is none of ours. */
export function parseTemporaryName(name: string): { readonly owner: ProcessIdentity | undefined } | undefined {
  const match = PATTERN.exec(name);
  if (match === null) return undefined;
  const [, boot, pidNamespace = UNKNOWN, timeNamespace = UNKNOWN, pid = '', startTime = UNKNOWN] = match;
  if (boot === undefined) return { owner: undefined };
  return { owner: { boot, pidNamespace, timeNamespace, pid: parseInt(pid, 36), startTime } };
}
