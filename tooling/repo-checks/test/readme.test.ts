import { expect, test } from 'vitest';

import { readmeCheck } from '../src/checks/readme.ts';
import { goodPackage, goodRoot, makeTree, manifest, type Tree } from './make-tree.ts';

const page = (code: string, output?: string): string =>
  `# Page\n\n\`\`\`ts run\n${code}\n\`\`\`\n${output === undefined ? '' : `\n\`\`\`text output\n${output}\n\`\`\`\n`}`;

async function problemsOf(changes: Tree): Promise<string[]> {
  using tree = makeTree({ ...goodRoot({}), ...goodPackage('errors'), ...changes });
  const { problems } = await readmeCheck.run(tree.repository);
  return problems;
}

test('examples that run, in an empty directory, with the packages of the workspace', async () => {
  const code = [
    "import { readdirSync } from 'node:fs';",
    "import { answer } from '@osx/errors';",
    'console.log(answer(), readdirSync(process.cwd()).length, await Promise.resolve(1));',
  ].join('\n');
  expect(await problemsOf({ 'packages/errors/README.md': page(code, '42 0 1') })).toEqual([]);
});

const docblock = (code: string): string =>
  `/**\n * @example\n * \`\`\`ts\n * ${code}\n * \`\`\`\n */\nexport function answer(): number {\n  return 42;\n}\n`;

test.each<[string, Tree, RegExp]>([
  [
    'another output',
    { 'README.md': page('console.log(1);', '2') },
    /^README\.md:4: the page shows other output[^]*shown:\n {2}2\nprinted:\n {2}1$/,
  ],
  [
    'an exception',
    { 'docs/guides/a.md': page("\nthrow new Error('broken');") },
    /docs\/guides\/a\.md:4: this example ended with exit 1[^]*docs\/guides\/a\.md:5/,
  ],
  ['a type error', { 'README.md': page('\nconst a: number = String(1);\nvoid a;') }, /^README\.md:5: error TS2322/],
  [
    'an export that is gone',
    { 'README.md': page("import { gone } from '@osx/errors';\ngone();") },
    /README\.md:4: error TS2305/,
  ],
  [
    'a warning of Node',
    { 'README.md': page("process.emitWarning('careful');") },
    /README\.md:4: this example makes Node warn/,
  ],
  [
    'a docblock example',
    { 'packages/errors/src/answer.ts': docblock('process.exitCode = 3;') },
    /^packages\/errors\/src\/answer\.ts:4: this example ended with exit 3/,
  ],
])('%s is caught', async (_, changes, expected) => {
  expect((await problemsOf(changes)).join('\n')).toMatch(expected);
});

test('what is for another system is not run here', async () => {
  const changes = {
    'packages/errors/package.json': manifest('errors', { os: ['none'] }),
    'packages/errors/README.md': page('process.exitCode = 1;'),
  };
  expect(await problemsOf(changes)).toEqual([]);
});

test('an example may be of what its package is tested with', async () => {
  const peer = 'packages/errors/node_modules/peer';
  const changes = {
    'packages/errors/package.json': manifest('errors', { devDependencies: { peer: '1.0.0', absent: '1.0.0' } }),
    [`${peer}/package.json`]: '{ "name": "peer", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
    [`${peer}/index.js`]: 'export const greeting = "hello";',
    [`${peer}/index.d.ts`]: 'export const greeting: string;',
    'packages/errors/README.md': page("import { greeting } from 'peer';\nconsole.log(greeting);", 'hello'),
  };
  expect(await problemsOf(changes)).toEqual([]);
});
