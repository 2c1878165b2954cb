import { fileURLToPath } from 'node:url';

import { needs, runTool } from '@osx/test-support';
import { expect } from 'vitest';

const program = `
import fcntl, json, os, pty, subprocess, sys, termios
def mode(fd):
    flags = termios.tcgetattr(fd)[3]
    return 'raw' if not flags & termios.ICANON else 'as found'
master, terminal = pty.openpty()
def before():
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
child = subprocess.Popen(sys.argv[1:], stdin=terminal, stdout=subprocess.PIPE, preexec_fn=before)
seen = [child.stdout.readline().decode().strip(), mode(terminal)]
child.stdout.close()
status = child.wait()
print(json.dumps([*seen, status, mode(terminal)]))
`;
const fixture = fileURLToPath(new URL('fixtures/raw-terminal.ts', import.meta.url));
const missing = fileURLToPath(new URL('fixtures/missing-package.ts', import.meta.url));

function run(how: string, nodeArgs: readonly string[] = []): unknown {
  return JSON.parse(
    runTool('env', ['OSX_TEST_MISSING=koffi', 'python3', '-c', program, process.execPath, ...nodeArgs, fixture, how]),
  );
}

needs('linux', 'python3').describe('a terminal in raw mode', () => {
  const { test } = needs('linux', 'python3');

  test.each(['raiseDefault', 'worker', 'background', 'without-native'])(
    'is as it was found after the end: %s',
    (how) => {
      expect(run(how, how === 'without-native' ? ['--import', missing] : [])).toEqual(['raw', 'raw', -15, 'as found']);
    },
  );

  test('stays raw where listeners are removed and process.kill is called', () => {
    expect(run('bare')).toEqual(['raw', 'raw', -15, 'raw']);
  });
});
