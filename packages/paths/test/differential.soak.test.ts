import { needs } from '@osx/test-support';

import { waysAgree } from './differential.ts';

needs('linux').test('openat2 and both walks agree about 5,000 random trees', () => waysAgree(5_000));
