import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { eventually, temporaryDirectory } from '@osx/test-support';
import { expect, test, vi } from 'vitest';

import { JobQueue } from '../src/job-queue.ts';
import { StateFile, type State } from '../src/state-file.ts';

vi.spyOn(console, 'log').mockImplementation(() => {});

const read = (path: string): State => JSON.parse(readFileSync(path, 'utf8')) as State;

test('jobs that are accepted at once share a write, and each is in the file when it is accepted', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'state.json');
  const file = await StateFile.open(path);
  const queue = new JobQueue(file, () => ({ label: 'x', paceMs: 0 }));
  const ids = Array.from({ length: 100 }, (_, index) => `job-${index}`);
  const contents = new Set<string>();
  await Promise.all(
    ids.map(async (id) => {
      await queue.accept({ id, text: id });
      expect(read(path).queue.map((job) => job.id)).toContain(id);
      contents.add(readFileSync(path, 'utf8'));
    }),
  );
  expect(contents.size).toBeLessThan(3);
  expect(read(path).queue.map(({ id }) => id)).toEqual(ids);
});

test('an id is one job: the same again is accepted and not queued, another text is refused, also after it was done', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'state.json');
  const queue = new JobQueue(await StateFile.open(path), () => ({ label: 'x', paceMs: 0 }));
  await queue.accept({ id: 'a', text: '1' });
  await queue.accept({ id: 'a', text: '1' });
  await expect(queue.accept({ id: 'a', text: '2' })).rejects.toThrow('a is the id of another job');
  expect(read(path).queue).toEqual([{ id: 'a', text: '1' }]);

  const working = queue.work();
  await eventually(() => read(path).done.length === 1);
  await queue.accept({ id: 'a', text: '1' });
  await queue.stop();
  await working;

  const next = new JobQueue(await StateFile.open(path), () => ({ label: 'x', paceMs: 0 }));
  await next.accept({ id: 'a', text: '1' });
  await expect(next.accept({ id: 'a', text: '2' })).rejects.toThrow('a is the id of another job');
  expect(read(path)).toMatchObject({ queue: [], done: [{ id: 'a' }] });
});

test('what cannot be written is not accepted, and can be sent again', async () => {
  using place = temporaryDirectory();
  const path = join(place.path, 'state.json');
  const queue = new JobQueue(await StateFile.open(path), () => ({ label: 'x', paceMs: 0 }));
  rmSync(place.path, { recursive: true });
  await expect(queue.accept({ id: 'a', text: '1' })).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(queue.accept({ id: 'a', text: '1' })).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(queue.work()).rejects.toMatchObject({ code: 'ENOENT' });
});
