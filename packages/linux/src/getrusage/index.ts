/**
 * getrusage(2): time, memory, faults and switches of this process, its children or the calling thread, with the units in the names.
 *
 * @module
 */
export { getrusage } from './getrusage.ts';
export type { RusageWho } from './getrusage.ts';
export type { ResourceUsage } from './resource-usage.ts';
