// What a first user does: replaces a file, takes a lock that a second one is refused, sees a file appear.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function runScenario({ atomics, fcntl, inotify: { Inotify, IN_CLOSE_WRITE } }) {
  const directory = mkdtempSync(join(tmpdir(), 'osx-smoke-'));
  try {
    const file = join(directory, 'settings.json');
    await atomics.writeFileAtomic(file, '{"a":1}');
    atomics.writeFileAtomicSync(file, '{"a":2}');
    assert.equal(readFileSync(file, 'utf8'), '{"a":2}');

    const lock = await fcntl.lockFile(join(directory, 'lock'));
    assert.equal(fcntl.tryLockFile(join(directory, 'lock')), null);
    lock.release();
    fcntl.tryLockFile(join(directory, 'lock')).release();

    const inotify = Inotify.open();
    try {
      inotify.addWatch(directory, IN_CLOSE_WRITE);
      writeFileSync(join(directory, 'hello.txt'), 'hello');
      for await (const event of inotify) {
        assert.equal(event.name, 'hello.txt');
        break;
      }
    } finally {
      inotify.close();
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}
