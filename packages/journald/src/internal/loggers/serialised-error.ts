import type { EntryFields } from './entry-fields.ts';
import { readable } from './entry-fields.ts';

/** A chain this long is of no use. */
const MOST_CAUSES = 32;

/** The fields of an Error that a serialiser made an object of: those that an Error itself gets, and `ERROR_MESSAGE`. */
export function addSerialisedError(fields: EntryFields, error: unknown): void {
  if (typeof error !== 'object' || error === null || Array.isArray(error)) {
    fields.add('ERROR_MESSAGE', error);
    return;
  }
  for (const [key, value] of readable(error)) {
    if (key === 'type') fields.add('ERROR_NAME', value);
    else if (key === 'errno' && typeof value === 'number') fields.set('ERRNO', Math.abs(value));
    else if (key !== 'cause' && key !== 'aggregateErrors') fields.add(`ERROR_${key}`, value);
  }
  for (const cause of causesOf(error)) fields.add('ERROR_CAUSE', cause);
}

/** What its serialiser made the message of an Error. */
export function messageOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error;
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
}

interface Serialised {
  readonly cause?: unknown;
  readonly aggregateErrors?: unknown;
  readonly stack?: unknown;
}

/** The nearest first; the parts of an AggregateError before its cause. */
function* causesOf(error: Serialised): Generator {
  const open: unknown[] = below(error);
  for (let count = 0; open.length > 0 && count < MOST_CAUSES; count += 1) {
    const cause = open.shift();
    const isObject = typeof cause === 'object' && cause !== null && !Array.isArray(cause);
    const stack = isObject ? (cause as Serialised).stack : undefined;
    yield typeof stack === 'string' ? stack : cause;
    if (isObject) open.push(...below(cause));
  }
}

function below({ aggregateErrors, cause }: Serialised): unknown[] {
  return [
    ...(Array.isArray(aggregateErrors) ? (aggregateErrors as unknown[]) : []),
    ...(cause === undefined ? [] : [cause]),
  ];
}
