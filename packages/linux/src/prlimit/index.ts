/**
 * prlimit(2): the resource limits of this process and of others, by name, with the former limit from the same step.
 *
 * @module
 */
export { getrlimit } from './getrlimit.ts';
export { getrlimits } from './getrlimits.ts';
export { RLIM_INFINITY } from './resource.ts';
export type { Resource, ResourceLimit, ResourceLimitOptions } from './resource.ts';
export { setrlimit } from './setrlimit.ts';
