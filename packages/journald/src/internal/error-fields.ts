import { isError } from './is-error.ts';
import { jsonText, throwsText } from './json-text.ts';

/** A chain this long is a circle of new objects, or of no use. */
const MOST_CAUSES = 32;

/** `name: message`, as `String(error)`, whatever the properties are. */
export function errorText(error: Error): string {
  const name = textOf(error, 'name') ?? 'Error';
  const message = textOf(error, 'message') ?? '';
  if (name === '' || message === '') return name + message || 'Error';
  return `${name}: ${message}`;
}

/** What stands beside the text of an Error, by the end of the names. */
export function* errorFields(error: Error): Generator<[suffix: string, value: string]> {
  const name = textOf(error, 'name');
  if (name !== undefined) yield ['NAME', name];
  const stack = textOf(error, 'stack');
  if (stack !== undefined) yield ['STACK', stack];
  const code = textOf(error, 'code');
  if (code !== undefined) yield ['CODE', code];
  for (const cause of causes(error)) yield ['CAUSE', cause];
}

/** The positive number of a failed system call. */
export function errnoOf(error: Error): number | undefined {
  const errno = propertyOf(error, 'errno');
  return typeof errno === 'number' && Number.isSafeInteger(errno) && errno !== 0 ? Math.abs(errno) : undefined;
}

/** The stack of each cause, the nearest first; the parts of an AggregateError before its cause. */
function* causes(error: Error): Generator<string> {
  const seen = new Set<unknown>([error]);
  const open: unknown[] = below(error);
  for (let count = 0; open.length > 0; count += 1) {
    const cause = open.shift();
    if (seen.has(cause)) {
      yield '[Circular]';
      continue;
    }
    if (count === MOST_CAUSES) {
      yield '[More causes]';
      return;
    }
    if (typeof cause !== 'object' || cause === null || !isError(cause)) {
      yield safeText(cause);
      continue;
    }
    seen.add(cause);
    yield textOf(cause, 'stack') ?? errorText(cause);
    open.push(...below(cause));
  }
}

function below(error: Error): unknown[] {
  const parts = propertyOf(error, 'errors');
  const cause = propertyOf(error, 'cause');
  return [...(Array.isArray(parts) ? (parts as unknown[]) : []), ...(cause === undefined ? [] : [cause])];
}

function textOf(error: Error, key: string): string | undefined {
  const value = propertyOf(error, key);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

function propertyOf(error: Error, key: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key];
  } catch (thrown) {
    return throwsText(thrown);
  }
}

function safeText(value: unknown): string {
  if (typeof value === 'object' && value !== null) return jsonText(value) ?? '';
  return String(value);
}
