import { checkOneOf, checkOptions } from '@osx/errors';

import type { BufferEncodingOption, TextEncodingOption } from '../proc/encoding-option.ts';

/** Whether bytes are asked for and not text. */
export function isBufferEncoding(options: TextEncodingOption | BufferEncodingOption | undefined): boolean {
  const { encoding } = checkOptions('options', options);
  return checkOneOf('options.encoding', encoding, ['utf8', 'buffer', undefined]) === 'buffer';
}
