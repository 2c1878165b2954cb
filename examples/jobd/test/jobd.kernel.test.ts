import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import {
  needs,
  runFixture,
  spawnFixture,
  straceCalls,
  straceInject,
  temporaryDirectory,
  type FixtureProcess,
} from '@osx/test-support';
import { expect, test } from 'vitest';

import { JobClient } from '../src/client.ts';
import { readState } from '../src/state-file.ts';

const jobd = new URL('../src/jobd.ts', import.meta.url);

async function lineOf(daemon: FixtureProcess, wanted: string): Promise<void> {
  while ((await daemon.nextLine()) !== wanted);
}

/** Sends bytes, closes the sending side, and resolves to all answers. */
async function converse(socketPath: string, sent: string): Promise<string[]> {
  const socket = connect({ path: socketPath, allowHalfOpen: true });
  await once(socket, 'connect');
  socket.end(sent);
  return (await text(socket)).split('\n').slice(0, -1);
}

test.for([
  { name: 'no directory', args: [], code: 2, says: 'usage: jobd.ts DIRECTORY' },
  { name: 'no JSON', configuration: '{', code: 2, says: 'jobd.json: ' },
  { name: 'an unknown setting', configuration: '{"pace":1}', code: 2, says: 'there is no setting "pace"' },
  { name: 'a torn state', state: '{"queue":[],"do', code: 1, says: 'state.json is no state of jobd' },
  { name: 'another state', state: '{}', code: 1, says: 'it has no queue or no done' },
])('$name: it ends with exit code $code, and says why', async ({ args, configuration, state, code, says }) => {
  using directory = temporaryDirectory();
  if (configuration !== undefined) writeFileSync(join(directory.path, 'jobd.json'), configuration);
  if (state !== undefined) writeFileSync(join(directory.path, 'state.json'), state);
  const result = await runFixture(jobd, args ?? [directory.path]);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toContain(says);
  if (state !== undefined) expect(readFileSync(join(directory.path, 'state.json'), 'utf8')).toBe(state);
});

test('every line is answered in order, also to a client that has stopped sending', async () => {
  using directory = temporaryDirectory();
  await using daemon = await spawnFixture(jobd, [directory.path]);
  const lines = ['{"id":"a","text":"1"}', '{"id":"a","text":"1"}', '{"id":"a","text":"2"}', '?', 'null', '{"id":"/"}'];
  const answers = await converse(join(directory.path, 'jobd.sock'), `${lines.join('\n')}\n{"id":"b","text":"2"}\n`);
  expect(answers.map((answer) => JSON.parse(answer) as unknown)).toEqual([
    { accepted: 'a' },
    { accepted: 'a' },
    { refused: 'a is the id of another job' },
    { refused: expect.stringContaining('JSON') },
    { refused: expect.stringContaining('id must be') },
    { refused: expect.stringContaining('id must be') },
    { accepted: 'b' },
  ]);
  await lineOf(daemon, 'recorded b');
  const { queue, done } = await readState(join(directory.path, 'state.json'));
  expect(queue).toEqual([]);
  expect(done.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('submit.ts tells by its exit code whether the daemon has the job', async () => {
  using directory = temporaryDirectory();
  await using daemon = await spawnFixture(jobd, [directory.path]);
  const submit = async (...args: string[]) => runFixture(new URL('../src/submit.ts', import.meta.url), args);
  expect(await submit(directory.path, 'a', '1')).toMatchObject({ code: 0, stdout: 'accepted a\n', stderr: '' });
  expect(await submit(directory.path, 'a', '2')).toMatchObject({
    code: 1,
    stderr: 'submit: a is the id of another job\n',
  });
  expect(await submit(directory.path)).toMatchObject({ code: 2, stderr: 'usage: submit.ts DIRECTORY ID TEXT\n' });
  daemon.kill('SIGTERM');
  await daemon.exited;
  expect(await submit(directory.path, 'b', '1')).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') });
});

test('a line without an end ends its connection, and no other', async () => {
  using directory = temporaryDirectory();
  await using daemon = await spawnFixture(jobd, [directory.path]);
  using other = await JobClient.connect(join(directory.path, 'jobd.sock'));
  const endless = connect(join(directory.path, 'jobd.sock')).on('error', () => {});
  endless.write('x'.repeat(1_000_000));
  await new Promise((resolve) => void endless.once('close', resolve));
  await other.submit({ id: 'a', text: '1' });
  await lineOf(daemon, 'recorded a');
});

test('a wrong configuration is reported, and the old one stays', async () => {
  using directory = temporaryDirectory();
  const configuration = join(directory.path, 'jobd.json');
  writeFileSync(configuration, '{"label":"good"}');
  await using daemon = await spawnFixture(jobd, [directory.path]);
  using client = await JobClient.connect(join(directory.path, 'jobd.sock'));
  writeFileSync(configuration, '{"label":"bad","paceMs":-1}');
  daemon.kill('SIGHUP');
  writeFileSync(configuration, '{"label":"better"}');
  daemon.kill('SIGHUP');
  await lineOf(daemon, 'configured better');
  writeFileSync(configuration, '{"label":7}');
  daemon.kill('SIGHUP');
  await client.submit({ id: 'a', text: '1' });
  await lineOf(daemon, 'recorded a');
  daemon.kill('SIGTERM');
  await daemon.exited;
  expect(daemon.stderr).toContain('still configured as better');
  expect((await readState(join(directory.path, 'state.json'))).done[0]?.label).toBe('better');
});

test.for(['SIGTERM', 'SIGINT'] as const)('it ends by %s', async (signal) => {
  using directory = temporaryDirectory();
  await using daemon = await spawnFixture(jobd, [directory.path]);
  daemon.kill(signal);
  expect(await daemon.exited).toEqual({ code: null, signal });
  expect(daemon.takeLines()).toEqual([`stopping ${signal}`]);
});

test('a client that reads nothing holds up nobody, and not the end', async () => {
  using directory = temporaryDirectory();
  await using daemon = await spawnFixture(jobd, [directory.path]);
  const deaf = connect(join(directory.path, 'jobd.sock')).on('error', () => {});
  deaf.pause();
  deaf.write('?\n'.repeat(500_000));
  using client = await JobClient.connect(join(directory.path, 'jobd.sock'));
  await client.submit({ id: 'a', text: '1' });
  daemon.kill('SIGTERM');
  // Past its deadline it would leave the pidfile, and say so as a warning.
  expect(await daemon.exited).toEqual({ code: null, signal: 'SIGTERM' });
  expect(readdirSync(directory.path)).toEqual(['state.json']);
  deaf.destroy();
});

needs('linux', 'strace').test('an acknowledgement leaves after the state is on the disk', async () => {
  using directory = temporaryDirectory();
  const { trace } = await straceInject(
    new URL('fixtures/whole-life.ts', import.meta.url),
    [directory.path],
    undefined,
    {
      whenReady: true,
      trace: 'write,writev,sendmsg,sendto,fsync,rename',
    },
  );
  const steps = straceCalls(trace).flatMap(({ name, text: call }) => {
    if (name === 'rename') return ['rename'];
    if (name === 'fsync') return [call.includes('.osx-tmp') ? 'fsync of the file' : 'fsync of the directory'];
    return call.includes('accepted') ? ['acknowledgement'] : [];
  });
  expect(steps.slice(0, 4)).toEqual(['fsync of the file', 'rename', 'fsync of the directory', 'acknowledgement']);
});
