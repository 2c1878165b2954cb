import { writeFileAtomic, writeFileAtomicSync } from '@osx/atomics';

/** Both ways to write, as one table: what is promised for one is tested for the other. */
export const twins = [
  ['writeFileAtomic', writeFileAtomic],
  ['writeFileAtomicSync', async (...args: Parameters<typeof writeFileAtomicSync>) => writeFileAtomicSync(...args)],
] as const;
