import { needs } from '@osx/test-support';
import { describe } from 'vitest';

import { compareWithShell } from './support/compare-with-shell.ts';

describe.each(['bash', 'dash'] as const)('beside %s', (shell) => {
  needs(shell).test('20,000 random texts come to the same', () => compareWithShell(shell, 20_000));
});
