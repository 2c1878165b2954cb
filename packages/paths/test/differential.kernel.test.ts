import { needs } from '@osx/test-support';

import { waysAgree } from './differential.ts';

needs('linux').test('openat2 and both walks agree about random trees', { timeout: 120_000 }, () => waysAgree(150));
