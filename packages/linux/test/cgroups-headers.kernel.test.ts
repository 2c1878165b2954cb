import { assertHeadersAgree, needs } from '@osx/test-support';

import { CGROUP2_SUPER_MAGIC } from '../src/internal/cgroup-constants.ts';

const claims = { headers: ['linux/magic.h'], constants: { CGROUP2_SUPER_MAGIC } };

needs('gcc').test('the number of the file system is that of the header on x64', async () => {
  await assertHeadersAgree(claims);
});

needs('arm64-gcc').test('and on arm64', async () => {
  await assertHeadersAgree(claims, 'aarch64-linux-gnu-gcc');
});
