import { expect, test } from 'vitest';

import { cutUtf8 } from '../src/internal/cut-utf8.ts';

test.each([
  ['short', 15, 'short'],
  ['exactly', 7, 'exactly'],
  ['longer', 3, 'lon'],
  ['aéb', 2, 'a'],
  ['aéb', 3, 'aé'],
  ['€€', 5, '€'],
  ['a😀', 4, 'a'],
  ['😀', 3, ''],
  ['', 0, ''],
])('%j at %d bytes is %j', (text, maxBytes, expected) => {
  expect(cutUtf8(Buffer.from(text), maxBytes).toString()).toBe(expected);
});
