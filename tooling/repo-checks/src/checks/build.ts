import type { Check } from '../check-definition.ts';
import { packedPackages } from '../packed-packages.ts';

/** Every package can be built and packed. What comes out is looked at by the checks 'dist' and 'packed'. */
export const buildCheck: Check = {
  name: 'build',
  async run(repository) {
    const packed = await packedPackages(repository);
    return { problems: 'failure' in packed ? [packed.failure] : [] };
  },
};
