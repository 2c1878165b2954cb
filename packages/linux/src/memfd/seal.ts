import type { SEALS } from '../internal/memfd-constants.ts';

/**
 * What a seal forbids for good, to everybody: F_SEAL_SEAL (`seal`: further seals), F_SEAL_SHRINK, F_SEAL_GROW,
 * F_SEAL_WRITE, F_SEAL_FUTURE_WRITE (`future-write`: as `write`, but mappings that are there may go on), F_SEAL_EXEC
 * (`exec`: changes of the execute bits).
 */
export type Seal = keyof typeof SEALS;
