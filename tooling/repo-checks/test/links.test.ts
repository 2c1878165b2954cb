import { expect, test } from 'vitest';

import { linksCheck } from '../src/checks/links.ts';
import { makeTree } from './make-tree.ts';

async function problemsOf(line: string): Promise<string[]> {
  using tree = makeTree({ 'docs/a.md': `# a\n\n${line}\n`, 'docs/b.md': '# b\n', 'src/c.ts': '' });
  const { problems } = await linksCheck.run(tree.repository);
  return problems;
}

test.each(['[b](c.md)', '[c](../src/d.ts) and [b](b.md)', '[b](b.txt#part)'])('%s is caught', async (line) => {
  expect((await problemsOf(line)).join('\n')).toMatch(/^docs\/a\.md links to \S+$/);
});

test.each(['[b](b.md)', '[b](b.md#part)', '[src](../src)', '[web](https://example.test/x)', '[here](#a)', 'f(b.txt)'])(
  '%s passes',
  async (line) => {
    expect(await problemsOf(line)).toEqual([]);
  },
);
