import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { changesetsCheck } from '../src/checks/changesets.ts';
import { openRepository } from '../src/repository.ts';
import { runCommand } from '../src/run-command.ts';
import { goodPackage, makeTree, manifest, type Tree } from './make-tree.ts';

const config: Tree = { '.changeset/config.json': {} };
const changeset = (text: string): Tree => ({ '.changeset/brave-cat.md': text });
const released = goodPackage('errors', {
  'package.json': manifest('errors', { version: '1.2.0' }),
  'CHANGELOG.md': '# @osx/errors\n',
});

async function problemsOf(tree: Tree): Promise<string[]> {
  using made = makeTree(tree);
  const { problems } = await changesetsCheck.run(made.repository);
  return problems;
}

/** A repository with history: the tree as one commit. */
async function commit(root: string): Promise<void> {
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'a'],
  ]) {
    expect((await runCommand('git', args, { cwd: root })).code).toBe(0);
  }
}

test('a package that was never released needs a changeset', async () => {
  const tree = { ...config, ...goodPackage('errors') };
  expect(await problemsOf(tree)).toEqual(['packages/errors: was never released, and no changeset names @osx/errors']);
  expect(await problemsOf({ ...tree, ...changeset("---\n'@osx/errors': minor\n---\n\nThe first.\n") })).toEqual([]);
});

test.each([
  ["---\n'@osx/strangers': minor\n---\n\nText.\n", /no published package '@osx\/strangers'/],
  ["---\n'@osx/errors': big\n---\n\nText.\n", /'big' is no kind of release/],
  ["---\n'@osx/errors': minor\n---\n", /does not say what changed/],
])('a bad changeset is caught: %j', async (text, expected) => {
  expect((await problemsOf({ ...config, ...goodPackage('errors'), ...changeset(text) })).join('\n')).toMatch(expected);
});

test('no configuration and a release without changelog are caught', async () => {
  expect(await problemsOf(goodPackage('errors'))).toEqual(['.changeset/config.json: missing']);
  expect(await problemsOf({ ...config, ...released, 'packages/errors/CHANGELOG.md': null })).toContain(
    'packages/errors: is at 1.2.0 and has no CHANGELOG.md',
  );
});

test('nothing changed since the release: nothing to announce', async () => {
  using tree = makeTree({ ...config, ...released });
  await commit(tree.root);
  expect(await changesetsCheck.run(tree.repository)).toEqual({ problems: [], warnings: [] });
});

test('a source that changed since the release needs a changeset, a test does not', async () => {
  using tree = makeTree({ ...config, ...released });
  await commit(tree.root);
  appendFileSync(join(tree.root, 'packages/errors/test/answer.test.ts'), '// more\n');
  expect((await changesetsCheck.run(tree.repository)).problems).toEqual([]);
  appendFileSync(join(tree.root, 'packages/errors/src/answer.ts'), '// more\n');
  expect((await changesetsCheck.run(tree.repository)).problems).toEqual([
    'packages/errors: changed since its release (packages/errors/src/answer.ts), and no changeset names @osx/errors',
  ]);
  writeFileSync(join(tree.root, '.changeset/brave-cat.md'), "---\n'@osx/errors': patch\n---\n\nMore.\n");
  expect((await changesetsCheck.run(tree.repository)).problems).toEqual([]);
});

test('a tree without history, and a clone of one commit, are not blamed', async () => {
  using plain = makeTree({ ...config, ...released });
  expect(await changesetsCheck.run(plain.repository)).toMatchObject({ problems: [], warnings: [expect.any(String)] });

  using origin = makeTree({ ...config, ...released });
  await commit(origin.root);
  appendFileSync(join(origin.root, 'packages/errors/src/answer.ts'), '// more\n');
  await commit(origin.root);
  using parent = makeTree({});
  const clone = join(parent.root, 'clone');
  expect(
    (await runCommand('git', ['clone', '-q', '--depth', '1', `file://${origin.root}`, clone], { cwd: parent.root }))
      .code,
  ).toBe(0);
  expect(await changesetsCheck.run(openRepository(clone))).toMatchObject({
    problems: [],
    warnings: [expect.any(String)],
  });
  const whole = join(parent.root, 'whole');
  cpSync(origin.root, whole, { recursive: true });
  expect((await changesetsCheck.run(openRepository(whole))).problems).toHaveLength(1);
});
