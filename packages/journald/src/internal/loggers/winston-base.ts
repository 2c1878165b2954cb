import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';

import { hasCode, UnsupportedError } from '@osx/errors';

/** A `format` of winston (logform). */
export interface WinstonFormat {
  readonly options?: object;
  // oxlint-disable-next-line typescript/no-explicit-any -- as logform declares it
  transform: (info: any, options?: any) => any;
}

/** What winston takes of every transport. */
export interface WinstonTransportOptions {
  /** The least urgent level that is logged; default: the logger's. */
  level?: string | undefined;
  silent?: boolean | undefined;
  handleExceptions?: boolean | undefined;
  handleRejections?: boolean | undefined;
  format?: WinstonFormat | undefined;
  /** How many infos wait before `write()` returns false. */
  highWaterMark?: number | undefined;
}

/** winston-transport's TransportStream, as far as it is used: its types need not be installed. */
export interface WinstonTransport extends Writable {
  level?: string;
  silent?: boolean;
  handleExceptions?: boolean;
  handleRejections?: boolean;
  format?: WinstonFormat;
  /** The logger that it is piped from. */
  parent?: { readonly readableLength: number } | null;
}

export type WinstonTransportClass = new (options?: WinstonTransportOptions) => WinstonTransport;

/**
 * The class that winston's transports extend, of the winston that is installed beside this package.
 *
 * @throws {UnsupportedError} where none is.
 */
export function winstonTransportClass(): WinstonTransportClass {
  try {
    return (createRequire(import.meta.url)('winston') as { Transport: WinstonTransportClass }).Transport;
  } catch (error) {
    if (!hasCode(error, 'MODULE_NOT_FOUND') || !error.message.includes(`'winston'`)) throw error;
    throw new UnsupportedError({
      feature: 'a transport for winston',
      requires: 'the package winston 3, which is not installed where @osx/journald is: npm install winston brings it',
      cause: error,
    });
  }
}
