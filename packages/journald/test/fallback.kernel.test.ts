import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UnixSocket } from '@osx/sockets';
import { eventually, spawnFixture, temporaryDirectory } from '@osx/test-support';
import type { FixtureProcess } from '@osx/test-support';

const fixture = `${import.meta.dirname}/fixtures/fall-back.ts`;

function bound(path: string): UnixSocket {
  const socket = UnixSocket.open('datagram');
  socket.bind(path);
  return socket;
}

async function say(child: FixtureProcess, line: string): Promise<void> {
  child.send(line);
  await child.nextLine();
}

const received = (socket: UnixSocket): string | undefined => socket.tryReceive()?.data.toString();

test.each(['write', 'send'])(
  '%s: the journal if it is there, else syslog, else standard error; and back',
  async (how) => {
    using directory = temporaryDirectory('fallback');
    const [journalPath, syslogPath] = [`${directory.path}/journal`, `${directory.path}/log`];
    await using child = await spawnFixture(fixture, [journalPath, syslogPath]);

    await say(child, `${how} nobody/there`);
    await eventually(() => child.stderr === '<5>nobody\n<5>there\n');

    const syslog = bound(syslogPath);
    await eventually(async () => {
      await say(child, `${how} for/syslog`);
      return /^<13>\w{3} [ \d]\d \d\d:\d\d:\d\d fixture\[\d+\]: for#012syslog$/.test(received(syslog) ?? '');
    });

    const journal = bound(journalPath);
    await eventually(async () => {
      await say(child, `${how} journal`);
      return received(journal) === 'MESSAGE=journal\nPRIORITY=5\nSYSLOG_IDENTIFIER=fixture\n';
    });

    journal.close();
    rmSync(journalPath);
    while (received(syslog) !== undefined);
    await say(child, `${how} again`);
    expect(received(syslog)).toMatch(/: again$/);

    syslog.close();
    rmSync(syslogPath);
    await say(child, `${how} alone`);
    await eventually(() => child.stderr.endsWith('<5>alone\n'));
  },
);

test('without the fallback nobody gets it', async () => {
  const { JournalWriter } = await import('@osx/journald');
  using directory = temporaryDirectory('fallback');
  using syslog = bound(`${directory.path}/log`);
  const options = { socketPath: `${directory.path}/none`, syslogPath: `${directory.path}/log` };
  const writer = new JournalWriter(options);
  await writer.send({ MESSAGE: 'x' });
  await writer.close({ timeoutMs: 0 });
  expect(writer.dropped).toBe(1);
  expect(received(syslog)).toBeUndefined();
});
