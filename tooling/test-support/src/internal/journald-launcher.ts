import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { killTree } from './kill-tree.ts';
import { undoAtExit } from './at-exit.ts';

export const JOURNALD = '/lib/systemd/systemd-journald';

/** Whoever starts with this goes with its parent, however that ends. */
const WITH_PARENT = ['setpriv', '--pdeathsig', 'KILL'] as const;

/** A journald that can be started again after its end. */
export interface JournaldLauncher {
  /** Starts it; resolves to its pid. */
  start(): Promise<number>;
  /** Resolves once the one started last has ended. */
  ended(): Promise<void>;
  /** Ends everything, at once. */
  release(): void;
}

/** It makes its socket itself: nobody has it when it is not there. */
export function launchJournald(namespace: string): JournaldLauncher {
  let child: ChildProcess | undefined;
  let end: Promise<unknown> = Promise.resolve();
  let forget = (): void => {};
  const release = (): void => {
    forget();
    if (child !== undefined) killTree(child);
  };
  return {
    release,
    ended: async () => void (await end),
    async start() {
      forget();
      child = spawn(WITH_PARENT[0], [...WITH_PARENT.slice(1), JOURNALD, namespace], { stdio: 'ignore', cwd: '/' });
      end = Promise.race([once(child, 'exit'), once(child, 'error')]);
      forget = undoAtExit(release);
      await once(child, 'spawn');
      return child.pid as number;
    },
  };
}

// As systemd does it: the socket outlives the journald that it is handed to, and so does what waits in it.
const KEEPER = `
import os, socket, sys
namespace, command = sys.argv[1], sys.argv[2:]
directory = '/run/systemd/journal.' + namespace
os.makedirs(directory, 0o755, exist_ok=True)
keeper = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
keeper.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
keeper.bind(directory + '/socket')
os.chmod(directory + '/socket', 0o666)
print('ready', flush=True)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        os.chdir('/')
        os.dup2(keeper.fileno(), 3)
        os.set_inheritable(3, True)
        null = os.open('/dev/null', os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        environment = dict(os.environ, LISTEN_PID=str(os.getpid()), LISTEN_FDS='1')
        os.execvpe(command[0], command, environment)
    print(pid, flush=True)
    os.waitpid(pid, 0)
    print('ended', flush=True)
`;

/** It is handed a socket that somebody else keeps, who has it also when no journald runs. */
export async function launchActivatedJournald(namespace: string): Promise<JournaldLauncher> {
  const keeper = spawn(
    WITH_PARENT[0],
    [...WITH_PARENT.slice(1), 'python3', '-c', KEEPER, namespace, ...WITH_PARENT, JOURNALD, namespace],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  keeper.stdin.on('error', () => {});
  const lines: AsyncIterator<string> = createInterface({ input: keeper.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`the keeper of the socket of journald ${namespace} has ended`);
    return line.value;
  };
  const release = undoableKill(keeper);
  await nextLine();
  let end: Promise<unknown> = Promise.resolve();
  return {
    release,
    ended: async () => void (await end),
    async start() {
      keeper.stdin.write('start\n');
      const pid = Number(await nextLine());
      end = nextLine().catch(() => {});
      return pid;
    },
  };
}

function undoableKill(child: ChildProcess): () => void {
  const kill = (): void => killTree(child);
  const forget = undoAtExit(kill);
  return () => {
    forget();
    kill();
  };
}
