import { hasCode } from '@osx/errors';
import { checked, takeCString } from '@osx/native-ffi';

import * as calls from './libsystemd-calls.ts';
import { LibsystemdHandle } from './libsystemd-handle.ts';
import { LoopTurns } from './loop-turns.ts';
import type { ReaderSource } from './reader-source.ts';

/** The names of all fields. The library keeps the place in the handle: hence one for each iteration. */
export async function* libsystemdFieldNames(source: ReaderSource): AsyncGenerator<string, void, undefined> {
  const handle = new LibsystemdHandle(source);
  const turns = new LoopTurns();
  try {
    for (;;) {
      const name = handle.enumeratedName(calls.enumerateFields, 'sd_journal_enumerate_fields');
      if (name === undefined) return;
      yield name.toString('latin1');
      await turns.take();
    }
  } finally {
    handle.close();
  }
}

/** All values that a field has somewhere, each once. */
export async function* libsystemdUniqueValues(
  source: ReaderSource,
  field: string,
): AsyncGenerator<Buffer, void, undefined> {
  const handle = new LibsystemdHandle(source);
  const turns = new LoopTurns();
  try {
    handle.call(calls.queryUnique, 'sd_journal_query_unique', field);
    for (;;) {
      const data = handle.enumerated(calls.enumerateUnique, 'sd_journal_enumerate_available_unique');
      if (data === undefined) return;
      yield handle.split(data)[1];
      await turns.take();
    }
  } finally {
    handle.close();
  }
}

/** The catalog's text for a message id of 32 hexadecimal digits. */
export function libsystemdCatalog(messageId: string): string | null {
  const id = Buffer.from(messageId, 'hex');
  const pointer = Buffer.alloc(8);
  const result = calls.getCatalogForMessageId(id.readBigUInt64LE(0), id.readBigUInt64LE(8), pointer);
  try {
    checked(result, 'sd_journal_get_catalog_for_message_id');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  return takeCString(pointer.readBigUInt64LE()).toString('utf8');
}
