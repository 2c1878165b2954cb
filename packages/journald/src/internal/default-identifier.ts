import { basename, extname } from 'node:path';

/** The name of the program as syslog(3) would have it: of the main script, without its ending. */
export function defaultIdentifier(): string {
  const file = process.argv[1] ?? process.execPath;
  return basename(file, extname(file)) || 'node';
}
