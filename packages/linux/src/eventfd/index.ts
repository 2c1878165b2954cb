/**
 * eventfd(2): a 64-bit counter in the kernel that wakes event loops, of this thread, of Workers and of other processes.
 *
 * @module
 */
export { EventFd } from './event-fd.ts';
export type { EventFdOptions, EventFdValuesOptions, EventFdWaitOptions } from './event-fd-options.ts';
