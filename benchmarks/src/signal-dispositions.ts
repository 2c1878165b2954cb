/**
 * Whether a listener that came and went leaves a signal as it was: `node signal-dispositions.ts NAME`. Prints one line of
 * JSON, which of SIGPIPE and SIGXFSZ were ignored before and after, and the pid of a child that has closed its end of a pipe;
 * then writes to that, and prints the error if it lives to get it.
 */
import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { readFileSync } from 'node:fs';

const [name = ''] = process.argv.slice(2);
const SIGNALS = ['SIGPIPE', 'SIGXFSZ'] as const;

const comeAndGo: Readonly<Record<string, () => Promise<unknown>>> = {
  async onSignal() {
    const { onSignal } = await import('@osx/signals');
    onSignal(SIGNALS, () => {})[Symbol.dispose]();
  },
  async signalScope() {
    const { signalScope } = await import('@osx/signals');
    signalScope({ SIGPIPE: () => {}, SIGXFSZ: 'ignore' })[Symbol.dispose]();
  },
  async waitForSignal() {
    const { waitForSignal } = await import('@osx/signals');
    await waitForSignal(SIGNALS, { signal: aborted() }).catch(() => {});
  },
  async iterateSignals() {
    const { iterateSignals } = await import('@osx/signals');
    await iterateSignals(SIGNALS).return?.();
  },
  'process.on, process.off'() {
    const listener = (): void => {};
    for (const signal of SIGNALS) process.on(signal, listener).off(signal, listener);
    return Promise.resolve();
  },
  async 'events.once'() {
    for (const signal of SIGNALS) await once(process, signal, { signal: aborted() }).catch(() => {});
  },
  async 'events.on'() {
    for (const signal of SIGNALS) await on(process, signal)[Symbol.asyncIterator]().return?.();
  },
  async 'signal-exit'() {
    const { onExit } = await import('signal-exit');
    onExit(() => {})();
  },
};

const before = ignored();
await comeAndGo[name]?.();
const after = ignored();

const child = spawn('sh', ['-c', 'exec <&-; echo closed; exec sleep 600'], { stdio: ['pipe', 'pipe', 'ignore'] });
await once(child.stdout, 'data');
console.log(JSON.stringify({ before, after, child: child.pid }));
child.stdin.write('anybody there?');
const [{ code }] = (await once(child.stdin, 'error')) as [NodeJS.ErrnoException];
console.log(code);
process.exit();

/** Aborted in the next turn of the event loop: the listener was there. */
function aborted(): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort());
  return controller.signal;
}

function ignored(): string[] {
  const mask = /^SigIgn:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
  const numbers = { SIGPIPE: 13n, SIGXFSZ: 25n };
  return SIGNALS.filter((signal) => (BigInt(`0x${mask}`) & (1n << (numbers[signal] - 1n))) !== 0n);
}
