/**
 * memfd_create(2): files in memory that have no path, can be sealed against change, and are handed over as descriptors.
 *
 * @module
 */
export { addSeals } from './add-seals.ts';
export { getSeals } from './get-seals.ts';
export { MemFd } from './mem-fd.ts';
export type { FromBytesOptions } from './mem-fd.ts';
export { memfdCreate } from './memfd-create.ts';
export type { MemfdCreateOptions } from './memfd-create-options.ts';
export type { Seal } from './seal.ts';
