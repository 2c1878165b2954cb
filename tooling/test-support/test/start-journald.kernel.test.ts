import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { needs, parseJournalExport, runTool, startJournald } from '@osx/test-support';

const SEND = `
import socket, sys
path, count = sys.argv[1], int(sys.argv[2])
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
for i in range(count):
    s.sendto(b'MESSAGE=from a test\\nBYTES\\n\\x03\\0\\0\\0\\0\\0\\0\\0a\\n\\0\\nNUMBER=%d\\n' % i, path)
`;

needs('journald', 'python3').describe('a journald of a test', () => {
  test('stores what it is sent, and leaves nothing behind', async () => {
    const journald = await startJournald();
    runTool('python3', ['-c', SEND, journald.socketPath, '3']);
    const entries = await journald.export(['MESSAGE=from a test']);
    expect(entries.map((entry) => entry.text('NUMBER'))).toEqual(['0', '1', '2']);
    expect(entries[0]?.bytes('BYTES')).toEqual(Buffer.from('a\n\0'));
    expect(entries[0]?.ownNames).toEqual(['BYTES', 'MESSAGE', 'NUMBER']);
    expect(await journald.export(['MESSAGE=another'])).toEqual([]);
    const { directory, pid } = journald;
    expect(existsSync(directory)).toBe(true);
    await journald[Symbol.asyncDispose]();
    expect([directory, journald.socketPath, `/proc/${pid}`].filter((path) => existsSync(path))).toEqual([]);
  });

  test.each([{ storage: 'volatile' }, { storage: 'persistent' }] as const)('is restarted: %o', async ({ storage }) => {
    await using journald = await startJournald({ storage });
    runTool('python3', ['-c', SEND, journald.socketPath, '1']);
    await journald.restart();
    runTool('python3', ['-c', SEND, journald.socketPath, '1']);
    expect(await journald.export(['MESSAGE=from a test'])).toHaveLength(2);
  });

  test('with a kept socket, the next one reads what was sent while there was none', async () => {
    await using journald = await startJournald({ keepSocket: true });
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await journald.stop(signal);
      runTool('python3', ['-c', SEND, journald.socketPath, '5']);
      await journald.start();
    }
    expect(await journald.export(['MESSAGE=from a test'])).toHaveLength(10);
  });

  test('is paused and resumed', async () => {
    await using journald = await startJournald();
    await journald.pause();
    runTool('python3', ['-c', SEND, journald.socketPath, '5']);
    journald.resume();
    expect(await journald.export(['MESSAGE=from a test'])).toHaveLength(5);
  });
});

test('an export that is cut off is refused', () => {
  const whole = Buffer.from('A=1\nB\n\x01\0\0\0\0\0\0\0\n\n\nC=2\n', 'latin1');
  expect(parseJournalExport(whole).map((entry) => entry.ownNames)).toEqual([['A', 'B'], ['C']]);
  expect(() => parseJournalExport(whole.subarray(0, -1))).toThrow(/no line feed/);
  expect(() => parseJournalExport(whole.subarray(0, 15))).toThrow(/no line feed/);
});
