import { expect, test } from 'vitest';

import { decodeRusage } from '../src/internal/decode-rusage.ts';
import { rusageStruct } from '../src/internal/rusage-struct.ts';

test.each(['linux-x64', 'linux-arm64'] as const)('every field in its unit on %s', (target) => {
  const bytes = rusageStruct.pack(
    {
      'ru_utime.tv_sec': 3_000_000n,
      'ru_utime.tv_usec': 999_999n,
      'ru_stime.tv_sec': 2n,
      'ru_stime.tv_usec': 5n,
      ru_maxrss: 2n ** 32n,
      ru_minflt: 1n,
      ru_majflt: 2n,
      ru_inblock: 3n,
      ru_oublock: 4n,
      ru_nvcsw: 5n,
      ru_nivcsw: 6n,
    },
    target,
  );
  expect(decodeRusage(bytes, target)).toEqual({
    userMicroseconds: 3_000_000_999_999,
    systemMicroseconds: 2_000_005,
    maxResidentBytes: 2 ** 42,
    minorFaults: 1,
    majorFaults: 2,
    blocksRead: 3,
    blocksWritten: 4,
    voluntarySwitches: 5,
    involuntarySwitches: 6,
  });
});
