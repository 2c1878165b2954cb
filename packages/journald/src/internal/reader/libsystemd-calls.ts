import {
  defineCall,
  defineLibrary,
  nonNegativeOrError,
  nonNegativeOrNegativeErrno,
  type CType,
  type NativeCall,
} from '@osx/native-ffi';

/** libsystemd: opened when the first reader is. */
export const libsystemd = defineLibrary({
  names: ['libsystemd.so.0'],
  feature: 'reading the journal through libsystemd',
  requires: 'libsystemd.so.0 of systemd 246 or later (Debian, Ubuntu: libsystemd0; Fedora, Arch: systemd-libs)',
});

/** A function that takes an `sd_journal *` first; gives a number, or the negative errno. */
function journalCall(name: string, ...parameters: CType[]): NativeCall {
  return define(name, ['uint64', ...parameters]);
}

function define(name: string, parameters: readonly CType[]): NativeCall {
  return libsystemd.defineCall({ name, returns: 'int', parameters, decode: nonNegativeOrNegativeErrno });
}

/** https://www.freedesktop.org/software/systemd/man/latest/sd-journal.html */
export const journalOpen = define('sd_journal_open', ['pointer', 'int']);
export const journalOpenNamespace = define('sd_journal_open_namespace', ['pointer', 'string', 'int']);
export const journalOpenDirectory = define('sd_journal_open_directory', ['pointer', 'pointer', 'int']);
export const journalOpenFiles = define('sd_journal_open_files', ['pointer', 'pointers', 'int']);
export const journalClose = libsystemd.defineCall({
  name: 'sd_journal_close',
  returns: 'void',
  parameters: ['uint64'],
  decode: nonNegativeOrNegativeErrno,
});

export const addMatch = journalCall('sd_journal_add_match', 'pointer', 'size_t');
export const addConjunction = journalCall('sd_journal_add_conjunction');
export const addDisjunction = journalCall('sd_journal_add_disjunction');
export const flushMatches = libsystemd.defineCall({
  name: 'sd_journal_flush_matches',
  returns: 'void',
  parameters: ['uint64'],
  decode: nonNegativeOrNegativeErrno,
});

export const seekHead = journalCall('sd_journal_seek_head');
export const seekTail = journalCall('sd_journal_seek_tail');
export const seekRealtime = journalCall('sd_journal_seek_realtime_usec', 'uint64');
export const seekCursor = journalCall('sd_journal_seek_cursor', 'string');
export const testCursor = journalCall('sd_journal_test_cursor', 'string');
export const moveNext = journalCall('sd_journal_next');
export const movePrevious = journalCall('sd_journal_previous');

export const getCursor = journalCall('sd_journal_get_cursor', 'pointer');
export const getRealtime = journalCall('sd_journal_get_realtime_usec', 'pointer');
export const getMonotonic = journalCall('sd_journal_get_monotonic_usec', 'pointer', 'pointer');
export const setDataThreshold = journalCall('sd_journal_set_data_threshold', 'size_t');
export const restartData = libsystemd.defineCall({
  name: 'sd_journal_restart_data',
  returns: 'void',
  parameters: ['uint64'],
  decode: nonNegativeOrNegativeErrno,
});
export const enumerateData = journalCall('sd_journal_enumerate_available_data', 'pointer', 'pointer');

export const queryUnique = journalCall('sd_journal_query_unique', 'string');
export const enumerateUnique = journalCall('sd_journal_enumerate_available_unique', 'pointer', 'pointer');
export const enumerateFields = journalCall('sd_journal_enumerate_fields', 'pointer');

export const getFd = journalCall('sd_journal_get_fd');
export const getTimeout = journalCall('sd_journal_get_timeout', 'pointer');
export const processChanges = journalCall('sd_journal_process');

/** The `sd_id128_t` goes by value: 16 bytes that both ABIs (x86-64, arm64) pass in two integer registers. */
export const getCatalogForMessageId = define('sd_journal_get_catalog_for_message_id', ['uint64', 'uint64', 'pointer']);

/** strlen(3), of a text that the library lends. */
export const stringLength = defineCall({
  name: 'strlen',
  returns: 'size_t',
  parameters: ['uint64'],
  decode: nonNegativeOrError,
});
