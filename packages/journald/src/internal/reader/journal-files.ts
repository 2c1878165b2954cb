import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';

import { hasCode, SystemError, withSystemErrors } from '@osx/errors';

import type { ReaderSource } from './reader-source.ts';

const ROOTS = ['/run/log/journal', '/var/log/journal'];

/** The files of a journal, as libsystemd looks for them. */
export interface JournalFiles {
  readonly readable: readonly Path[];
  /** What this user may not read, directories too: libsystemd leaves it out in silence. */
  readonly forbidden: readonly Path[];
}

type Path = string | Buffer;

export function findJournalFiles(source: ReaderSource): JournalFiles {
  const readable: Path[] = [];
  const forbidden: Path[] = [];
  const addFile = (file: Path): void => {
    (isReadable(file) ? readable : forbidden).push(file);
  };
  const addDirectory = (directory: Path, depth: number, isWanted: (subdirectory: string) => boolean): void => {
    let entries: Dirent[];
    try {
      entries = readdirSync(directory, { withFileTypes: true });
    } catch (error) {
      if (hasCode(error, 'EACCES')) forbidden.push(directory);
      return;
    }
    for (const entry of entries) {
      const path = joinPath(directory, entry.name);
      if (entry.isDirectory()) {
        if (depth > 0 && isWanted(entry.name)) addDirectory(path, depth - 1, () => false);
      } else if (isJournalFile(entry.name, source.scope)) addFile(path);
    }
  };
  if (source.files !== undefined) for (const file of source.files) addFile(file);
  else if (source.directory !== undefined) addDirectory(source.directory, 1, () => true);
  else {
    const wanted = localDirectory(source.namespace);
    for (const root of ROOTS) addDirectory(root, 1, (name) => name === wanted);
  }
  return { readable, forbidden };
}

/**
 * Tells a journal that may not be read from an empty one.
 *
 * @throws {SystemError} `EACCES` when there are files and none may be read; ENOENT for a file or directory that is not there.
 */
export function checkAccess(source: ReaderSource): void {
  for (const path of source.files ?? (source.directory === undefined ? [] : [source.directory])) {
    withSystemErrors(() => accessSync(path, constants.R_OK));
  }
  const { readable, forbidden } = findJournalFiles(source);
  const [first] = forbidden;
  if (readable.length > 0 || first === undefined) return;
  throw new SystemError({
    code: 'EACCES',
    syscall: 'open',
    path: first,
    message: 'permission denied (the groups systemd-journal and adm may read the journal of the system)',
  });
}

/** What the files occupy on disk, in bytes. */
export function journalUsage(source: ReaderSource): number {
  let bytes = 0;
  for (const file of findJournalFiles(source).readable) {
    const blocks = statSync(file, { throwIfNoEntry: false })?.blocks ?? 0;
    bytes += blocks * 512;
  }
  return bytes;
}

/** The directories that a namespace has so far; none for a journal that is named in another way. */
export function namespaceDirectories({ namespace }: ReaderSource): string[] {
  if (namespace === undefined) return [];
  const name = localDirectory(namespace);
  return ROOTS.map((root) => `${root}/${name}`).filter((path) => existsSync(path));
}

function isReadable(file: Path): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch (error) {
    // What is vacuumed meanwhile is nobody's secret.
    return !hasCode(error, 'EACCES');
  }
}

/** `system.journal`, `system@SEQNUM-ID-....journal` (archived), `user-1000@....journal~` (damaged). */
function isJournalFile(name: string, scope: ReaderSource['scope']): boolean {
  if (!/\.journal~?$/.test(name)) return false;
  if (scope === 'all') return true;
  const prefix = scope === 'system' ? 'system' : `user-${process.getuid?.()}`;
  return name.startsWith(`${prefix}@`) || name.replace(/\.journal~?$/, '') === prefix;
}

function localDirectory(namespace: string | undefined): string {
  const machineId = readMachineId();
  return namespace === undefined ? machineId : `${machineId}.${namespace}`;
}

function readMachineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim();
  } catch {
    return '';
  }
}

function joinPath(directory: Path, name: string): Path {
  return typeof directory === 'string' ? `${directory}/${name}` : Buffer.concat([directory, Buffer.from(`/${name}`)]);
}
