import { assertHeadersAgree, needs } from '@osx/test-support';
import type { CClaims } from '@osx/test-support';

import * as structs from '../src/internal/structs.ts';

function claims(target: 'linux-x64' | 'linux-arm64'): CClaims {
  return {
    headers: ['sys/socket.h', 'sys/un.h', 'sys/uio.h'],
    constants: {
      'offsetof(struct sockaddr_un, sun_path)': 2,
      'sizeof(((struct sockaddr_un *)0)->sun_path)': 108,
      'CMSG_LEN(4)': 20,
      'CMSG_SPACE(4)': 24,
      'CMSG_ALIGN(17)': 24,
    },
    structs: Object.fromEntries(
      Object.values(structs).map((struct) => [`struct ${struct.name}`, struct.layout(target)]),
    ),
  };
}

needs('gcc').test('the structs are those of the headers on x64', async () => {
  await assertHeadersAgree(claims('linux-x64'));
});

needs('arm64-gcc').test('the structs are those of the headers on arm64', async () => {
  await assertHeadersAgree(claims('linux-arm64'), 'aarch64-linux-gnu-gcc');
});
