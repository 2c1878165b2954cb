import type { ProcessIdentity } from './process-identity.ts';
import { UNKNOWN, ownIdentity } from './process-identity.ts';
import { joinPath, type FilePath } from './file-path.ts';

/** Names stay within 143 bytes, the least NAME_MAX there is (eCryptfs); 255 is usual. */
const MAX_NAME_BYTES = 48;
/** So many UTF-16 units never take more bytes than that. */
const SAFE_UNITS = MAX_NAME_BYTES / 3;

const POOL_BYTES = 4096;
const RANDOM_BYTES = 16;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** `.NAME.RANDOM.WRITER.osx-tmp`: beside the target, hidden, unguessable, and telling who wrote it. */
export function temporaryName(target: FilePath): FilePath {
  return joinPath(joinPath('.', shortened(target)), `.${randomHex()}.${writer()}.osx-tmp`);
}

function shortened(name: FilePath): FilePath {
  if (typeof name !== 'string') return name.subarray(0, MAX_NAME_BYTES);
  return name.length <= SAFE_UNITS || Buffer.byteLength(name) <= MAX_NAME_BYTES ? name : name.slice(0, SAFE_UNITS);
}

function randomHex(): string {
  if (used === POOL_BYTES) {
    process.getBuiltinModule('node:crypto').randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString('hex', used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  return text;
}

let writerText: string | undefined;

function writer(): string {
  writerText ??= formatWriter(ownIdentity());
  return writerText;
}

export function formatWriter(identity: ProcessIdentity): string {
  const { boot, pidNamespace, timeNamespace, pid, startTime } = identity;
  return [boot, pidNamespace, timeNamespace, pid.toString(36), startTime].join('-');
}

const PATTERN =
  /\.[0-9a-f]{32}\.([0-9a-f]{12}|x)-([0-9a-z]{1,13})-([0-9a-z]{1,13})-([0-9a-z]{1,7})-([0-9a-z]{1,13})\.osx-tmp$/;

/** The writer of a temporary, or undefined for a name that is none of ours. */
export function parseTemporaryName(name: string): ProcessIdentity | undefined {
  const match = name.startsWith('.') ? PATTERN.exec(name) : null;
  if (match === null || match.index === 0) return undefined;
  const [, boot = UNKNOWN, pidNamespace = UNKNOWN, timeNamespace = UNKNOWN, pid = '', startTime = UNKNOWN] = match;
  return { boot, pidNamespace, timeNamespace, pid: parseInt(pid, 36), startTime };
}
