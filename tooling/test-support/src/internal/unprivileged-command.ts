import { dirname } from 'node:path';

/** The user and group `nobody` of Debian. */
export const NOBODY = 65534;

const repository = dirname(dirname(dirname(dirname(import.meta.dirname))));

/** A directory of every Linux (FHS 3.0, 3.12) that everyone may enter. */
const VIEW = '/mnt';

/** Shows the repository at $2, then becomes user $3 and group $4, all in the process that was started. */
const SCRIPT = [
  'mount --bind "$1" "$2"',
  'user=$3 group=$4',
  'shift 4',
  'exec setpriv --reuid "$user" --regid "$group" --clear-groups -- "$@"',
].join(' && ');

function inView(word: string, scheme: string): string | undefined {
  const prefix = scheme + repository;
  return word.startsWith(`${prefix}/`) ? scheme + VIEW + word.slice(prefix.length) : undefined;
}

/**
 * The words that run a command as another user, who may not be allowed to enter the directory that the repository is in
 * (a clone in root's own temporary directory). So the repository is mounted where everyone may go, in a mount namespace
 * of the child's own.
 */
export function unprivilegedCommand(words: readonly string[], uid: number, gid: number): string[] {
  const seen = words.map((word) => inView(word, '') ?? inView(word, 'file://') ?? word);
  const unshare = ['unshare', '--mount', '--propagation', 'private', '--'];
  return [...unshare, 'sh', '-c', SCRIPT, 'sh', repository, VIEW, String(uid), String(gid), ...seen];
}
