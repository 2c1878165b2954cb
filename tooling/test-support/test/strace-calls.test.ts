import { expect, test } from 'vitest';
import { straceCalls } from '@osx/test-support';

test('joins what another thread interrupted and leaves out what never finished', () => {
  const trace = [
    '12 fsync(3 <unfinished ...>',
    '13 rename("a", "b") = 0',
    '12 <... fsync resumed>)                  = -1 EIO (Input/output error) (INJECTED)',
    '13 --- SIGUSR2 {si_signo=SIGUSR2, si_code=SI_KERNEL} ---',
    '13 write(1, "x", 1 <unfinished ...>',
    '13 +++ killed by SIGKILL +++',
    '',
  ];
  expect(straceCalls(trace.join('\n'))).toEqual([
    { pid: 13, name: 'rename', text: '("a", "b") = 0' },
    { pid: 12, name: 'fsync', text: '(3 )                  = -1 EIO (Input/output error) (INJECTED)' },
  ]);
});
