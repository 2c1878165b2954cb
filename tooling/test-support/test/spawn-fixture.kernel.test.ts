import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { asUnprivilegedUser, eventually, needs, runFixture, spawnFixture } from '@osx/test-support';

const echo = new URL('./fixtures/echo.ts', import.meta.url);
const notReady = new URL('./fixtures/not-ready.ts', import.meta.url);
const stay = new URL('./fixtures/stay.ts', import.meta.url);
const failBeforeReady = new URL('./fixtures/fail-before-ready.ts', import.meta.url);
const alive = (pid: number): boolean => existsSync(`/proc/${pid}`);

function commandLineOf(pid: string): string[] {
  try {
    return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
  } catch {
    return [];
  }
}

test('talks to a child that is ready and ends it by its own pid', async () => {
  let exited;
  {
    await using child = await spawnFixture(echo, ['got ']);
    child.send('one');
    child.send('two');
    expect(await child.nextLine()).toBe('got one');
    expect(await child.nextLine()).toBe('got two');
    exited = child.exited;
  }
  expect(await exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a child that ends by itself tells its exit code, and its disposal is harmless', async () => {
  await using child = await spawnFixture(echo);
  child.send('exit 7');
  expect(await child.exited).toEqual({ code: 7, signal: null });
  child.send('to nobody');
});

test('a child that ends before it is ready is an error that shows its standard error', async () => {
  await expect(spawnFixture(failBeforeReady)).rejects.toThrow(
    /ended \(exit code 3\)[^]*the reason is on standard error/,
  );
});

test('waiting for a line that does not come ends with the child or the time', async () => {
  await using child = await spawnFixture(echo);
  await expect(child.nextLine({ timeoutMs: 50 })).rejects.toThrow(/printed no line for 50 ms/);
  const line = child.nextLine();
  child.kill('SIGTERM');
  await expect(line).rejects.toThrow(/ended \(SIGTERM\)/);
});

test('a program that does not exist is an error', async () => {
  await expect(spawnFixture('/nowhere.ts')).rejects.toThrow(/nowhere/);
  await expect(spawnFixture(echo, [], { prefix: ['/no/such/command'] })).rejects.toThrow(/ENOENT|could not be started/);
});

test('what a fixture started under a prefix ends with it', async () => {
  let below;
  {
    await using child = await spawnFixture(stay, [], { prefix: ['sh', '-c', '"$@"; true', 'sh'] });
    const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'latin1').split(' ').map(Number);
    below = pid as number;
    expect(alive(below)).toBe(true);
  }
  const pid = below;
  await eventually(() => !alive(pid));
});

test('a survivor of a killed prefix is an error at the disposal, not a hang', async () => {
  const child = await spawnFixture(stay, [], { prefix: ['sh', '-c', '"$@"; true', 'sh'] });
  const [survivor] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'latin1').split(' ').map(Number);
  try {
    child.kill();
    await eventually(() => child.child.signalCode !== null);
    await expect(child[Symbol.asyncDispose]()).rejects.toThrow(/something that it started still holds its output/);
  } finally {
    process.kill(survivor as number, 'SIGKILL');
  }
});

test('a child that fails its handshake does not stay', async () => {
  const marker = `OSX_TEST_${process.pid}`;
  await expect(spawnFixture(notReady, [marker])).rejects.toThrow(/printed "not ready" instead/);
  const commandLines = readdirSync('/proc').flatMap((pid) => commandLineOf(pid));
  expect(commandLines.filter((line) => line.includes(marker))).toEqual([]);
});

needs('unprivileged-user').test('a fixture can run as nobody', async () => {
  const result = await runFixture('-p', ['process.getuid()'], { ...asUnprivilegedUser, cwd: '/' });
  expect(result).toEqual({ code: 0, signal: null, stdout: '65534\n', stderr: '' });
});

test('runFixture returns how a program ended and what it printed', async () => {
  const result = await runFixture(failBeforeReady);
  expect(result).toEqual({ code: 3, signal: null, stdout: '', stderr: 'the reason is on standard error\n' });
  expect(await runFixture(echo, [], { input: 'exit 0\n' })).toMatchObject({ code: 0, stdout: 'ready\n' });
});

test('runFixture ends a program that hangs and shows what it printed', async () => {
  const hanging = runFixture('-e', ['console.log("so far"); setInterval(() => {}, 1000)'], { timeoutMs: 500 });
  await expect(hanging).rejects.toThrow(/more than 500 ms[^]*so far/);
});
