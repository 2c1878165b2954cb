import { expect } from 'vitest';
import { pipe, readFd } from '@osx/fds';
import { needs, spawnFixture } from '@osx/test-support';

needs('linux').test('a standard error that nobody reads does not block, and gets everything in the end', async () => {
  const { readEnd, writeEnd } = pipe();
  using reader = readEnd;
  using writer = writeEnd;
  await using child = await spawnFixture(`${import.meta.dirname}/fixtures/flood-stderr.ts`, [], {
    stdio: ['ignore', 'pipe', writer.number],
  });
  expect(await child.nextLine()).toBe('turning');
  writer.close();
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(65_536);
  for (let count = await readFd(reader, chunk); count > 0; count = await readFd(reader, chunk)) {
    chunks.push(Buffer.from(chunk.subarray(0, count)));
  }
  expect(await child.nextLine()).toBe('done');
  const lines = Buffer.concat(chunks).toString().split('\n');
  const expected = Array.from({ length: 5_000 }, (_, n) => [`<6>line ${n}`, '<6>of an entry that fills the pipe']);
  expect(lines).toEqual([...expected.flat(), '']);
});
