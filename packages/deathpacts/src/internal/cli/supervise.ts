import { raiseDefault } from '@osx/signals';

import { spawnWithDeathpact, type SpawnWithDeathpactOptions } from '../../spawn-with-deathpact.ts';

/** What somebody may send to the program by sending it to its parent. */
const HANDED_ON = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGWINCH'] as const;
/** Those of the keyboard go to the whole foreground group, the program included. */
const FROM_KEYBOARD: readonly string[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

/** Runs a program to its end, as its parent. @returns Its exit code; a signal that ended it ends this process too. */
export async function supervise(
  [command = '', ...args]: readonly string[],
  options: Pick<SpawnWithDeathpactOptions, 'signal' | 'graceMs' | 'tree'>,
): Promise<number> {
  const early: NodeJS.Signals[] = [];
  let handOn = (signal: NodeJS.Signals): void => void early.push(signal);
  const hasTerminal = process.getBuiltinModule('node:tty').isatty(0);
  for (const signal of HANDED_ON) {
    if (!hasTerminal || !FROM_KEYBOARD.includes(signal)) process.on(signal, () => handOn(signal));
    else process.on(signal, () => {});
  }
  const child = await spawnWithDeathpact(command, args, { ...options, stdio: 'inherit' });
  const end = new Promise<[code: number | null, signal: NodeJS.Signals | null]>((resolve) => {
    child.once('exit', (...ended) => resolve(ended));
  });
  handOn = (signal) => void child.kill(signal);
  for (const signal of early) handOn(signal);
  const [code, signal] = await end;
  if (signal !== null) raiseDefault(signal);
  return code ?? 1;
}
