import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { asUnprivilegedUser, needs, runFixture } from '@osx/test-support';
import { afterAll, beforeAll, expect } from 'vitest';

const probe = new URL('fixtures/proc-probe.ts', import.meta.url);

/** A process of this user, with a parent of this user. */
let target: ReturnType<typeof spawn>;
beforeAll(async () => {
  target = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(target, 'spawn');
});
afterAll(async () => {
  const exited = once(target, 'exit');
  target.kill('SIGKILL');
  await exited;
});

async function probed(
  options: Parameters<typeof runFixture>[2],
  pid = String(target.pid),
): Promise<Record<string, unknown>> {
  const { stdout, stderr, code } = await runFixture(probe, [pid], options);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

needs('unprivileged-user').test('of another user’s process the secrets are EACCES, by their usual path', async () => {
  const { pid } = target;
  expect(await probed({ ...asUnprivilegedUser, cwd: '/' })).toEqual({
    open: pid,
    stat: process.pid,
    alive: true,
    environ: `SystemError EACCES /proc/${pid}/environ`,
    fds: `SystemError EACCES /proc/${pid}/fd`,
    fdinfo: `SystemError EACCES /proc/${pid}/fdinfo/0`,
    exe: `SystemError EACCES /proc/${pid}/exe`,
    self: true,
    listed: { target: true, self: true },
    loadavg: 3,
    mountinfo: true,
    leaked: 0,
  });
});

/** Runs the probe as nobody, where a first process of root's has procfs mounted with these options. */
function hidden(options: string): Parameters<typeof runFixture>[2] {
  const script = `mount -t proc -o ${options} proc /proc && exec "$@"`;
  const outerPrefix = ['unshare', '--mount', '--propagation', 'private', '--', 'sh', '-c', script, 'sh'];
  return { ...asUnprivilegedUser, outerPrefix, cwd: '/' };
}

needs('unprivileged-user', 'pid-namespace', 'setpriv').test('hidepid=1: listed, and EPERM', async () => {
  const { pid } = target;
  const refused = `SystemError EPERM /proc/${pid}/stat`;
  expect(await probed(hidden('hidepid=1'))).toMatchObject({
    open: refused,
    stat: refused,
    alive: refused,
    environ: refused,
    self: true,
    listed: { target: true, self: true },
    leaked: 0,
  });
});

needs('unprivileged-user', 'pid-namespace', 'setpriv').test('hidepid=2: not listed, and ESRCH', async () => {
  const { pid } = target;
  const absent = `SystemError ESRCH /proc/${pid}`;
  expect(await probed(hidden('hidepid=2'))).toMatchObject({
    open: absent,
    stat: absent,
    environ: absent,
    self: true,
    listed: { target: false, self: true },
    loadavg: 3,
    leaked: 0,
  });
});

needs('mount').test('without procfs all say what is missing', async () => {
  const script = 'mount -t tmpfs none /proc && exec "$@"';
  const prefix = ['unshare', '--mount', '--propagation', 'private', '--', 'sh', '-c', script, 'sh'];
  const missing = 'UnsupportedError ENOTSUP';
  expect(await probed({ prefix })).toMatchObject({
    open: missing,
    self: missing,
    listed: missing,
    loadavg: missing,
    mountinfo: missing,
  });
});
