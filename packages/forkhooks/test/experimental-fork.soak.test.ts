import { needs } from '@osx/test-support';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';

/** Other Nodes than this one to run it on: `OSX_FORK_NODES=/path/to/node22:/path/to/node26`. */
const nodes = [process.execPath, ...(process.env['OSX_FORK_NODES'] ?? '').split(':').filter((path) => path !== '')];
const ROUNDS = 500;
const { test } = needs('linux');

describe.runIf(process.arch === 'x64')(`${ROUNDS} forks in a row, with everything under way`, () => {
  test.for(nodes)('%s', async (node) => {
    expect(JSON.parse(await rounds(node))).toEqual({
      ends: { 7: ROUNDS },
      otherChildren: 'all well',
      fdsLeft: 0,
      childrenLeft: '',
      medianMs: expect.any(Number) as number,
    });
  });
});

async function rounds(node: string): Promise<string> {
  const fixture = fileURLToPath(new URL('fixtures/true-fork-rounds.ts', import.meta.url));
  const args = ['--expose-gc', '--single-threaded', '--v8-pool-size=1', fixture, String(ROUNDS), '100000'];
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const text of child.stdout.setEncoding('utf8')) printed += String(text);
  return printed;
}
