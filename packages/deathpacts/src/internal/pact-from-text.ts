import { invalidArgValue } from '@osx/errors';

import type { Deathpact } from '../deathpact.ts';
import { HeartbeatFileDeathpact } from '../heartbeat-file-deathpact.ts';
import { NoDeathpact } from '../no-deathpact.ts';
import { ParentDeathSignal } from '../parent-death-signal.ts';
import { PipeDeathpact } from '../pipe-deathpact.ts';
import { ProcessDeathpact } from '../process-deathpact.ts';

const COMMON = ['signal', 'graceMs', 'escalation', 'output'];

interface Kind {
  readonly keys: readonly string[];
  make(options: never): Deathpact;
}

const kinds: Readonly<Record<string, Kind>> = {
  'parent-death-signal': { keys: ['parent'], make: (options) => new ParentDeathSignal(options) },
  process: { keys: ['pid', 'startTime', 'identity', 'pidfd'], make: (options) => new ProcessDeathpact(options) },
  pipe: { keys: ['fd'], make: (options) => new PipeDeathpact(options) },
  'heartbeat-file': { keys: ['path', 'ttlMs', 'writer'], make: (options) => new HeartbeatFileDeathpact(options) },
  none: { keys: [], make: (options) => new NoDeathpact(options) },
};

/**
 * Makes the pact that a text asks for: the name of one, or JSON with the name as `pact` and its options.
 *
 * @throws {TypeError|RangeError} ERR_INVALID_ARG_VALUE and what the pact's constructor throws: a process that was to have a
 *   pact never goes on without one because of a misspelling.
 */
export function pactFromText(variable: string, text: string): Deathpact {
  const { pact, ...options } = text.startsWith('{') ? parseObject(variable, text) : { pact: text };
  const kind = typeof pact === 'string' && Object.hasOwn(kinds, pact) ? kinds[pact] : undefined;
  if (kind === undefined) throw invalidArgValue(variable, `a pact: ${Object.keys(kinds).join(', ')}`, text);
  const allowed = [...kind.keys, ...COMMON];
  const unknown = Object.keys(options).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) {
    throw invalidArgValue(variable, `without ${unknown.join(', ')}; ${String(pact)} takes ${allowed.join(', ')}`, text);
  }
  return kind.make(options as never);
}

function parseObject(variable: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw invalidArgValue(variable, 'the name of a pact, or JSON', text, { cause });
  }
}
