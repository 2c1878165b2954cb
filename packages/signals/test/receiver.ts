import { spawn } from 'node:child_process';

import { FixtureProcess } from '@osx/test-support';

/** What sigwaitinfo(2) told about one signal. */
export interface Received {
  readonly number: number;
  readonly value: number;
  readonly code: number;
  readonly pid: number;
}

// siginfo_t: si_signo at 0, si_code at 8, si_pid at 16, si_value at 24, on x64 and arm64.
const program = `
import ctypes, json, signal, struct, sys, os
blocked = set(json.loads(sys.argv[1]))
if len(sys.argv) > 2:
    import resource
    limit = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_SIGPENDING, (limit, limit))
if len(sys.argv) > 3:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[3]))
signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
libc = ctypes.CDLL(None, use_errno=True)
wanted = (ctypes.c_ubyte * 128)()
for number in blocked: wanted[(number - 1) // 8] |= 1 << ((number - 1) % 8)
info = (ctypes.c_ubyte * 128)()
print('ready', flush=True)
for line in sys.stdin:
    got = []
    for _ in range(int(line)):
        if libc.sigwaitinfo(wanted, info) < 0: raise OSError(ctypes.get_errno())
        number, _, code = struct.unpack_from('iii', info, 0)
        pid, = struct.unpack_from('i', info, 16)
        value, = struct.unpack_from('i', info, 24)
        got.append({'number': number, 'value': value if code == -1 else 0, 'code': code, 'pid': pid})
    print(json.dumps(got), flush=True)
`;

/** A program that is not Node: it blocks these signals and takes them one by one with sigwaitinfo(2). */
export class Receiver {
  readonly process: FixtureProcess;

  constructor(process: FixtureProcess) {
    this.process = process;
  }

  get pid(): number {
    return this.process.pid;
  }

  /** Waits for so many signals, in the order in which the kernel gives them. */
  async receive(count: number): Promise<Received[]> {
    this.process.send(String(count));
    return JSON.parse(await this.process.nextLine()) as Received[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
  }
}

/**
 * Starts a {@link Receiver}. `limited`: its RLIMIT_SIGPENDING, and the user that it becomes, whose waiting signals count.
 */
export async function receiver(options: {
  signals: readonly number[];
  limited?: { pending: number; uid: number };
}): Promise<Receiver> {
  const { signals, limited } = options;
  const args = limited === undefined ? [] : [String(limited.pending), String(limited.uid)];
  const child = spawn('python3', ['-c', program, JSON.stringify(signals), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const process = new FixtureProcess(child, 'python3');
  const line = await process.nextLine();
  if (line === 'ready') return new Receiver(process);
  await process[Symbol.asyncDispose]();
  throw new Error(`python3 printed ${line}\n${process.stderr}`);
}
