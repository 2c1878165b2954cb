/**
 * Logs of winston in the journal.
 *
 * @module
 */
export { JournaldTransport } from './journald-transport.ts';
export type { JournaldTransportOptions } from './journald-transport.ts';
export type { LoggerOptions } from './logger-options.ts';
