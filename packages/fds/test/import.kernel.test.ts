import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

test('importing the package, and opening a file, load no native code', () => {
  const program = `
    import { open } from '@osx/fds';
    open('/dev/null').close();
    const loaded = process.report.getReport().sharedObjects.filter((file) => /koffi/.test(file));
    console.log(loaded.length);`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect(printed).toBe('0\n');
});
