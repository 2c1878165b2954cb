import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { watchTree } from '@osx/linux/inotify';
import { eventually, expectNoNewFds, needs, openFds, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { withSysctl } from './fixtures/lowered-sysctl.ts';
import { TreeRecorder } from './fixtures/tree-recorder.ts';

let before: ReturnType<typeof openFds>;
beforeAll(() => {
  using directory = temporaryDirectory('tree');
  watchTree(directory.path).close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** The kernel looks at the setting when the instance is opened, and never again. */
function recordWithQueueOf(events: number, root: string): TreeRecorder {
  return withSysctl('fs.inotify.max_queued_events', events, () => new TreeRecorder(root));
}

function createFiles(directory: string, from: number, to: number): void {
  for (let index = from; index < to; index += 1) writeFileSync(join(directory, `${index}`), '');
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

// In memory: the disk of a busy machine makes a minute of this.
needs('shm').describe('40,000 creations', { timeout: 120_000 }, () => {
  test('read as they come: each is reported, once', async () => {
    using directory = temporaryDirectory('tree', { on: 'tmpfs' });
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    for (let index = 0; index < 40_000; index += 1000) {
      createFiles(directory.path, index, index + 1000);
      await turn();
    }
    await eventually(() => recorder.model.picture.size === 40_000, { timeoutMs: 60_000 });
    expect(recorder.model.counts.get('create')).toBe(40_000);
    expect(recorder.model.counts.get('overflow')).toBeUndefined();
    await recorder.expectAgreement();
  });

  test('at once, with the event loop blocked: the loss is told, and made good', async () => {
    using directory = temporaryDirectory('tree', { on: 'tmpfs' });
    using recorder = new TreeRecorder(directory.path);
    await recorder.watcher.ready;
    createFiles(directory.path, 0, 40_000);
    await recorder.linesUntil('rescan /');
    expect(recorder.model.counts.get('create')).toBe(40_000);
    expect(recorder.model.counts.get('overflow')).toBe(1);
    await recorder.expectAgreement();
  });

  test('by an iterator that takes one at a time, with a small buffer: none is lost without notice', async () => {
    using directory = temporaryDirectory('tree', { on: 'tmpfs' });
    using watcher = watchTree(directory.path, { maxBufferedEvents: 100 });
    await watcher.ready;
    createFiles(directory.path, 0, 40_000);
    const seen = new Set<string>();
    let overflows = 0;
    for await (const event of watcher.events({ signal: AbortSignal.timeout(100_000) })) {
      if (event.type === 'create') seen.add(event.path);
      if (event.type === 'overflow') overflows += 1;
      if (event.type === 'rescan') break;
    }
    expect([seen.size, overflows]).toEqual([40_000, 1]);
  });
});

needs('root').describe('a kernel queue of 16', { timeout: 60_000 }, () => {
  test('files and directories that came and went while events were lost', async () => {
    using directory = temporaryDirectory('tree');
    const at = (name: string): string => join(directory.path, name);
    mkdirSync(at('old/sub'), { recursive: true });
    createFiles(at('old/sub'), 0, 50);
    mkdirSync(at('kept'));
    writeFileSync(at('kept/untouched'), '');
    using recorder = recordWithQueueOf(16, directory.path);
    await recorder.watcher.ready;
    for (let round = 0; round < 5; round += 1) {
      createFiles(directory.path, round * 100, round * 100 + 100);
      mkdirSync(at(`new ${round}/a/b`), { recursive: true });
      writeFileSync(at(`new ${round}/a/b/file`), '');
      if (round === 2) rmSync(at('old'), { recursive: true });
      if (round === 3) renameSync(at('new 1'), at('kept/moved'));
      if (round === 4) {
        // Another directory of the same name: the kernel's word that the first one's watch is gone is lost too.
        rmSync(at('new 0'), { recursive: true });
        mkdirSync(at('new 0/a'), { recursive: true });
        writeFileSync(at('new 0/a/other'), '');
      }
      await recorder.linesUntil('rescan /');
      await recorder.expectAgreement();
    }
    expect(recorder.model.counts.get('overflow')).toBeGreaterThanOrEqual(5);
    recorder.lines.length = 0;
    writeFileSync(at('kept/moved/a/b/later'), '');
    writeFileSync(at('new 0/a/later'), '');
    await recorder.linesUntil('change new 0/a/later');
    await recorder.expectAgreement();
  });

  test('files that were written while events were lost; those that were not are left alone', async () => {
    using directory = temporaryDirectory('tree');
    const at = (name: string): string => join(directory.path, name);
    mkdirSync(at('a'));
    for (const name of ['a/touched', 'a/backdated', 'a/replaced', 'a/untouched']) writeFileSync(at(name), 'old');
    // The clock that files are stamped by ticks in steps.
    const start = Date.now();
    await eventually(() => Date.now() > start + 100);
    using recorder = recordWithQueueOf(16, directory.path);
    await recorder.watcher.ready;
    createFiles(directory.path, 0, 100);
    appendFileSync(at('a/touched'), 'new');
    writeFileSync(at('a/backdated'), 'new');
    utimesSync(at('a/backdated'), 1, 1);
    writeFileSync(at('a/replacement'), 'new');
    renameSync(at('a/replacement'), at('a/replaced'));
    const lines = await recorder.linesUntil('rescan /');
    expect(lines.filter((line) => line.includes('a/')).toSorted()).toEqual([
      'change a/backdated [rescan]',
      'change a/replaced [rescan]',
      'change a/touched [rescan]',
    ]);
    expect(lines.indexOf('overflow /')).toBeLessThan(lines.indexOf('change a/touched [rescan]'));
    await recorder.expectAgreement();
  });

  test('before the tree was read for the first time', async () => {
    using directory = temporaryDirectory('tree');
    for (let index = 0; index < 50; index += 1) mkdirSync(join(directory.path, `d${index}/sub`), { recursive: true });
    using recorder = recordWithQueueOf(16, directory.path);
    createFiles(directory.path, 0, 200);
    await recorder.watcher.ready;
    expect(recorder.lines.at(-1)).toBe('rescan /');
    expect(recorder.watcher.watchCount).toBe(101);
    writeFileSync(join(directory.path, 'd7/sub/file'), '');
    await recorder.linesUntil('change d7/sub/file');
  });

  test('a storm by other processes: in the end nothing is missed', async () => {
    using directory = temporaryDirectory('tree');
    using recorder = recordWithQueueOf(16, directory.path);
    await recorder.watcher.ready;
    const script =
      'for i in $(seq 1 40); do mkdir -p d$i/a/b; cp -r d$i e$i; mv d$i f$i; echo $i > f$i/a/x; rm -rf e$i/a; done';
    execFileSync('sh', ['-c', script], { cwd: directory.path });
    await recorder.linesUntil('rescan /');
    await recorder.expectAgreement();
  });

  test.each([
    ['deleted', (root: string): void => rmSync(root, { recursive: true })],
    ['replaced', (root: string): void => (rmSync(root, { recursive: true }), mkdirSync(root))],
  ])('a root that was %s while events were lost', async (_reason, act) => {
    using directory = temporaryDirectory('tree');
    const root = join(directory.path, 'root');
    mkdirSync(root);
    using recorder = recordWithQueueOf(16, root);
    await recorder.watcher.ready;
    createFiles(root, 0, 100);
    act(root);
    await eventually(() => recorder.watcher.isClosed);
    expect(recorder.lines.slice(-2)).toEqual(['overflow /', 'end /']);
    expect(recorder.events.at(-1)?.reason).toBe(_reason);
  });
});
