import { expect, test } from 'vitest';
import { JournalWriter } from '@osx/journald';
import { needs, startJournald } from '@osx/test-support';
import type { TestJournald } from '@osx/test-support';
import { UnixSocket } from '@osx/sockets';
import { compareJournal } from './fixtures/compare-journal.ts';
import { HostileFields } from './fixtures/hostile-fields.ts';
import type { HostileEntry } from './fixtures/hostile-fields.ts';
import { sendHostileEntries } from './fixtures/send-hostile-entries.ts';

const COUNT = 1_500;

needs('journald').test(`${COUNT} hostile entries are in the journal as they were sent, and nothing else`, async () => {
  await using journald = await startJournald();
  const sent = await sendHostileEntries(journald, { count: COUNT, seed: 1 });
  expect(compareJournal(sent, await journald.export(['_TRANSPORT=journal']))).toEqual([]);
});

needs('journald').test('a name that would be dropped or inject sends nothing', async () => {
  await using journald = await startJournald();
  await using writer = new JournalWriter({ namespace: journald.namespace, identifier: null });
  for (const name of ['lower', '_UID', '1', 'A\nINJECTED', 'A=B', '', 'A'.repeat(65)]) {
    await expect(writer.send({ MESSAGE: 'must not be sent', [name]: 'x' })).rejects.toThrow(TypeError);
  }
  const tooMany = Object.fromEntries(Array.from({ length: 1_025 }, (_, i) => [`F${i}`, i]));
  await expect(writer.send(tooMany)).rejects.toThrow(RangeError);
  expect(await journald.export(['_TRANSPORT=journal'])).toEqual([]);
  expect(writer.dropped).toBe(0);
});

needs('journald').test('1,024 fields, and names of 64, are all kept', async () => {
  await using journald = await startJournald();
  await using writer = new JournalWriter({ namespace: journald.namespace, identifier: null });
  const fields = Object.fromEntries(Array.from({ length: 1_024 }, (_, i) => [`F${i}`.padEnd(64, 'X'), i]));
  await writer.send(fields);
  await writer.flush();
  const [entry] = await journald.export(['_TRANSPORT=journal']);
  expect(entry?.ownNames).toHaveLength(1_024);
});

/** What people write who have not read the protocol to its end. */
const naive: Record<string, (entry: HostileEntry) => Buffer> = {
  'without any frame': ({ fields }) => lines(fields, (name, value) => Buffer.from(`${name}=${value}\n`)),
  'framed by the length in characters': ({ fields }) => {
    return lines(fields, (name, value) => {
      const head = Buffer.alloc(8);
      head.writeBigUInt64LE(BigInt(value.length));
      return Buffer.concat([Buffer.from(`${name}\n`), head, Buffer.from(`${value}\n`)]);
    });
  },
  'with only the first line feed escaped': ({ fields }) => {
    return lines(fields, (name, value) => Buffer.from(`${name}=${value.replace('\n', '\\n')}\n`));
  },
};

function lines(fields: HostileEntry['fields'], line: (name: string, value: string) => Buffer): Buffer {
  const all = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one) => line(name, typeof one === 'number' ? String(one) : (one as string))),
  );
  return Buffer.concat(all);
}

needs('journald').describe('the comparison catches an encoder', () => {
  test.each(Object.keys(naive))('%s', async (name) => {
    await using journald = await startJournald();
    const encode = naive[name] as (entry: HostileEntry) => Buffer;
    // Only texts: what it makes of other values is not the point.
    const sent = textEntries(300);
    await sendRaw(journald, sent.map(encode));
    const differences = compareJournal(sent, await journald.export(['_TRANSPORT=journal']));
    expect(differences.length).toBeGreaterThan(10);
    if (name !== 'framed by the length in characters') expect(differences.join('\n')).toMatch(/INJECTED:|injected/);
  });

  test('and lets the same entries pass from ours', async () => {
    await using journald = await startJournald();
    const sent = textEntries(300);
    await using writer = new JournalWriter({ namespace: journald.namespace, identifier: null });
    for (const { fields } of sent) await writer.send(fields);
    await writer.flush();
    expect(compareJournal(sent, await journald.export(['_TRANSPORT=journal']))).toEqual([]);
  });
});

function textEntries(count: number): HostileEntry[] {
  const generator = new HostileFields(7);
  const entries: HostileEntry[] = [];
  while (entries.length < count) {
    const entry = generator.next(entries.length);
    const values = Object.values(entry.fields).flat();
    if (values.every((value) => typeof value === 'number' || (typeof value === 'string' && value.length < 10_000))) {
      entries.push(entry);
    }
  }
  return entries;
}

async function sendRaw(journald: TestJournald, datagrams: readonly Buffer[]): Promise<void> {
  using socket = UnixSocket.open('datagram');
  for (const datagram of datagrams) await socket.send(datagram, { to: journald.socketPath });
}
