import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { needs, temporaryCgroup } from '@osx/test-support';
import { expect } from 'vitest';

const directory = fileURLToPath(new URL('..', import.meta.url));

needs('cgroup2').test('the example of the README runs and prints what it says', async () => {
  using _mounted = temporaryCgroup();
  const [, section = ''] = readFileSync(`${directory}README.md`, 'utf8').split('\n## @osx/linux/cgroups\n');
  const [, code = '', output] = /```ts\n([\s\S]*?)```\s+```text\n([\s\S]*?)```/.exec(section) ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--disable-warning=ExperimentalWarning', '--eval', code],
    { cwd: directory },
  );
  expect(stdout).toBe(output);
});
