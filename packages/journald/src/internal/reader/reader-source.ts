import {
  checkInteger,
  checkOneOf,
  checkOptions,
  checkPath,
  checkString,
  invalidArgType,
  invalidArgValue,
} from '@osx/errors';

import type { JournalReaderBackend, JournalReaderOptions, JournalScope } from '../../journal-reader-options.ts';

/** Which journal is read: {@link JournalReaderOptions}, checked. */
export interface ReaderSource {
  readonly namespace: string | undefined;
  readonly directory: string | Buffer | undefined;
  readonly files: readonly (string | Buffer)[] | undefined;
  readonly scope: JournalScope;
  readonly dataThreshold: number;
}

export function checkReaderOptions(options: JournalReaderOptions | undefined): {
  readonly source: ReaderSource;
  readonly backend: JournalReaderBackend | undefined;
} {
  const { namespace, directory, files, scope = 'all', backend, dataThreshold = 0 } = checkOptions('options', options);
  if ([namespace, directory, files].filter((place) => place !== undefined).length > 1) {
    throw invalidArgValue('options', 'given one of namespace, directory and files', options);
  }
  const source: ReaderSource = {
    namespace: namespace === undefined ? undefined : checkNamespace(namespace),
    directory: directory === undefined ? undefined : checkPath('options.directory', directory),
    files: files === undefined ? undefined : checkFiles(files),
    scope: checkOneOf('options.scope', scope, ['system', 'user', 'all']),
    dataThreshold: checkInteger('options.dataThreshold', dataThreshold, { min: 0 }),
  };
  if (source.files !== undefined && source.scope !== 'all') {
    throw invalidArgValue('options.scope', "'all' where files are given", scope);
  }
  return {
    source,
    backend: backend === undefined ? undefined : checkOneOf('options.backend', backend, ['libsystemd', 'journalctl']),
  };
}

/** As systemd has it: what may stand in the name of a unit. `*` and `+NAME` mean several namespaces. */
function checkNamespace(namespace: unknown): string {
  const name = checkString('options.namespace', namespace);
  if (!/^[\w:.\\@-]{1,255}$/.test(name) || /^\.\.?$/.test(name)) {
    throw invalidArgValue('options.namespace', 'a name of letters, digits and :-_.\\@', namespace);
  }
  return name;
}

function checkFiles(files: unknown): (string | Buffer)[] {
  if (!Array.isArray(files)) throw invalidArgType('options.files', 'an array of paths', files);
  if (files.length === 0) throw invalidArgValue('options.files', 'at least one path', files);
  return files.map((file: unknown, index) => checkPath(`options.files[${index}]`, file));
}
