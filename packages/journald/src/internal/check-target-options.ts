import { checkBoolean, checkPath, checkString, invalidArgValue } from '@osx/errors';

import type { JournalFields } from '../journal-fields.ts';
import type { JournalTargetOptions } from '../journal-target-options.ts';
import { defaultIdentifier } from './default-identifier.ts';
import type { TargetChoice } from './target-selection.ts';

/** {@link JournalTargetOptions}, checked and complete. */
export interface CheckedTarget {
  readonly choice: TargetChoice;
  readonly identifier: string | null;
  readonly callSite: boolean;
  /** Of every entry. */
  readonly defaults: JournalFields;
}

export function checkTargetOptions(options: JournalTargetOptions): CheckedTarget {
  const { socketPath, namespace, identifier = defaultIdentifier(), callSite = false } = options;
  const isDefault = socketPath === undefined && namespace === undefined;
  const hasFallback = checkBoolean('options.fallback', options.fallback ?? isDefault);
  const syslogPath = checkPath('options.syslogPath', options.syslogPath ?? '/dev/log');
  if (identifier !== null) checkString('options.identifier', identifier);
  return {
    choice: { socketPath: journalSocket(socketPath, namespace), fallback: hasFallback ? { syslogPath } : undefined },
    identifier,
    callSite: checkBoolean('options.callSite', callSite),
    defaults: identifier === null ? {} : { SYSLOG_IDENTIFIER: identifier },
  };
}

function journalSocket(socketPath: JournalTargetOptions['socketPath'], namespace: string | undefined): string | Buffer {
  if (namespace === undefined) {
    return checkPath('options.socketPath', socketPath ?? '/run/systemd/journal/socket');
  }
  if (socketPath !== undefined) {
    throw invalidArgValue('options.namespace', 'left out where a socketPath is given', namespace);
  }
  // As systemd has it: what may stand in the name of a unit.
  if (!/^[\w:.\\@-]{1,255}$/.test(checkString('options.namespace', namespace)) || /^\.\.?$/.test(namespace)) {
    throw invalidArgValue('options.namespace', 'a name of letters, digits and :-_.\\@', namespace);
  }
  return `/run/systemd/journal.${namespace}/socket`;
}
