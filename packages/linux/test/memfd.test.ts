import { expect, test } from 'vitest';

import { addSeals, getSeals, MemFd, memfdCreate } from '@osx/linux/memfd';

test.each([
  ['a name of 250 bytes', () => memfdCreate('n'.repeat(250)), 'ERR_OUT_OF_RANGE'],
  ['a name of 125 characters and 250 bytes', () => memfdCreate('é'.repeat(125)), 'ERR_OUT_OF_RANGE'],
  ['a name with NUL', () => memfdCreate('a\0b'), 'ERR_OUT_OF_RANGE'],
  ['a name that ends with NUL', () => memfdCreate(Buffer.from('a\0')), 'ERR_OUT_OF_RANGE'],
  ['a name of the wrong type', () => memfdCreate(1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['options that are no object', () => memfdCreate('a', true as never), 'ERR_INVALID_ARG_TYPE'],
  ['sealable of the wrong type', () => memfdCreate('a', { sealable: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['exec of the wrong type', () => memfdCreate('a', { exec: 0 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['hugetlb of the wrong type', () => memfdCreate('a', { hugetlb: '2MB' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['a huge page size that no machine has', () => memfdCreate('a', { hugetlb: 4096 }), 'ERR_INVALID_ARG_VALUE'],
  ['data of the wrong type', () => MemFd.fromBytes(1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['seal of the wrong type', () => MemFd.fromBytes('', { seal: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['a negative descriptor', () => getSeals(-1), 'ERR_OUT_OF_RANGE'],
  ['no descriptor', () => getSeals(null as never), 'ERR_INVALID_ARG_TYPE'],
  ['an unknown seal', () => addSeals(0, ['read' as never]), 'ERR_INVALID_ARG_VALUE'],
  ['no seal', () => addSeals(0, []), 'ERR_INVALID_ARG_VALUE'],
  ['seals that are no array', () => addSeals(0, 'write' as never), 'ERR_INVALID_ARG_TYPE'],
])('%s is refused before the call', (_name, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});

test('the refusal names argument, value and wish', () => {
  expect(() => memfdCreate('n'.repeat(250))).toThrow(/"name".*at most 249 bytes without NUL.*nnn/);
  expect(() => addSeals(0, ['read' as never])).toThrow(/"seals".*'write'.*'read'/);
});
