// What a script does with the installed command: locks, asks, stops. By the link that npm made, on this very Node.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const command = join(import.meta.dirname, 'node_modules/.bin/pidfile');
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };

function pidfile(...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

export function runPidfileCommand() {
  const directory = mkdtempSync(join(tmpdir(), 'osx-smoke-'));
  const file = join(directory, 'job.pid');
  assert.deepEqual(pidfile('status', file), { status: 1, stdout: `${file}: absent\n`, stderr: '' });
  const daemon = spawn(command, ['exec', file, '--', 'sleep', '60'], { env, stdio: 'inherit' });
  try {
    // While there is no file yet, nobody holds it.
    const deadline = Date.now() + 10_000;
    while (pidfile('read', '--timeout', '10', file).status !== 0) assert.ok(Date.now() < deadline, 'it never began');
    assert.deepEqual(pidfile('read', file), { status: 0, stdout: `${daemon.pid}\n`, stderr: '' });
    const refused = pidfile('lock', file);
    assert.equal(refused.status, 3, refused.stderr);
    assert.match(refused.stderr, new RegExp(`process ${daemon.pid} `));
    assert.deepEqual(pidfile('kill', 'TERM', file), { status: 0, stdout: '', stderr: '' });
  } finally {
    daemon.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
}
