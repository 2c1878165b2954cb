import { nameOf } from './signal-names.ts';

const STOPS: readonly string[] = ['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'];
const DOES_NOTHING: readonly string[] = ['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH', 'SIGINFO'];

/** What the kernel does with a signal that nobody handles; `nothing` includes the continuing of SIGCONT. */
export function defaultAction(number: number, platform: string = process.platform): 'ends' | 'stops' | 'nothing' {
  const name = nameOf(number);
  if (STOPS.includes(name)) return 'stops';
  const isIgnored = DOES_NOTHING.includes(name) || (name === 'SIGIO' && platform !== 'linux');
  return isIgnored ? 'nothing' : 'ends';
}
