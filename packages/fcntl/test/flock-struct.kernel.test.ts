import { assertHeadersAgree, needs } from '@osx/test-support';

import { flockStruct } from '../src/internal/flock-struct.ts';

const headers = ['fcntl.h'];

needs('gcc').test('struct flock is that of the headers: Linux x64', async () => {
  await assertHeadersAgree({ headers, structs: { 'struct flock': flockStruct.layout('linux-x64') } });
});

needs('arm64-gcc').test('struct flock is that of the headers: Linux arm64', async () => {
  const structs = { 'struct flock': flockStruct.layout('linux-arm64') };
  await assertHeadersAgree({ headers, structs }, 'aarch64-linux-gnu-gcc');
});
