import { needs, runFixture } from '@osx/test-support';
import { expect } from 'vitest';

needs('linux').test(
  'import, names and sending load no native code and change nothing that the kernel shows',
  async () => {
    const { stdout, stderr, code } = await runFixture(new URL('fixtures/import.ts', import.meta.url));
    expect({ stdout, stderr, code }).toEqual({
      stdout: 'import: as before\nuse: as before\nmask: koffi\n',
      stderr: '',
      code: 0,
    });
  },
);
