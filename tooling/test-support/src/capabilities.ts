import { accessSync, constants, readFileSync } from 'node:fs';
import { JOURNALD } from './internal/journald-launcher.ts';
import { NOBODY, unprivilegedCommand } from './internal/unprivileged-command.ts';
import { runTool } from './run-tool.ts';
import { mountImage } from './mount-image.ts';
import { mountTmpfs } from './mount-tmpfs.ts';
import { temporaryCgroup } from './temporary-cgroup.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/**
 * What a test may need of the machine: a probe that throws when it is not there, and the way to get it. Each probe uses
 * the thing, because a container may have the program and not the permission.
 */
const table = {
  linux: { probe: () => assert(process.platform === 'linux', 'not Linux'), cure: 'run on Linux' },
  root: { probe: () => assert(process.getuid?.() === 0, 'not root'), cure: 'run as root' },
  strace: { probe: () => runTool('strace', ['-f', '-o', '/dev/null', 'true']), cure: 'apt-get install strace' },
  mount: { probe: () => mountTmpfs({ sizeBytes: 1 << 20 })[Symbol.dispose](), cure: 'run as root, with CAP_SYS_ADMIN' },
  'loop-mount': {
    probe: () => mountImage('ext4')[Symbol.dispose](),
    cure: 'run as root, with loop devices; apt-get install e2fsprogs util-linux',
  },
  xfsprogs: { probe: () => mountImage('xfs')[Symbol.dispose](), cure: 'apt-get install xfsprogs; a kernel with xfs' },
  gcc: { probe: () => compile('gcc'), cure: 'apt-get install gcc libc6-dev' },
  'arm64-gcc': { probe: () => compile('aarch64-linux-gnu-gcc'), cure: 'apt-get install gcc-aarch64-linux-gnu' },
  python3: { probe: () => runTool('python3', ['-c', 'import fcntl, struct']), cure: 'apt-get install python3' },
  bash: { probe: () => runTool('bash', ['-c', ':']), cure: 'apt-get install bash' },
  dash: { probe: () => runTool('dash', ['-c', ':']), cure: 'apt-get install dash' },
  flock: { probe: () => runTool('flock', ['--version']), cure: 'apt-get install util-linux' },
  lslocks: { probe: () => runTool('lslocks', ['--version']), cure: 'apt-get install util-linux' },
  pkill: { probe: () => runTool('pkill', ['--version']), cure: 'apt-get install procps' },
  'start-stop-daemon': { probe: () => runTool('start-stop-daemon', ['--version']), cure: 'apt-get install dpkg' },
  libbsd: {
    probe: () => runTool('python3', ['-c', "import ctypes; ctypes.CDLL('libbsd.so.0').pidfile_open"]),
    cure: 'apt-get install libbsd0 python3',
  },
  setpriv: { probe: () => runTool('setpriv', ['--version']), cure: 'apt-get install util-linux' },
  'unprivileged-user': { probe: probeUnprivilegedUser, cure: 'run as root, where mounts are allowed' },
  'pid-namespace': {
    probe: () => runTool('unshare', ['--pid', '--fork', '--mount-proc', 'true']),
    cure: 'run as root',
  },
  'ns-last-pid': {
    probe: () => accessSync('/proc/sys/kernel/ns_last_pid', constants.W_OK),
    cure: 'run as root, on a kernel with CONFIG_CHECKPOINT_RESTORE',
  },
  'memfd-exec': { probe: () => assert(kernelAtLeast(6, 3), 'kernel older than 6.3'), cure: 'Linux 6.3' },
  pidfs: { probe: () => assert(kernelAtLeast(6, 9), 'kernel older than 6.9'), cure: 'Linux 6.9' },
  cgroup2: {
    probe: probeCgroup2,
    cure: 'run as root on Linux 5.14, where a cgroup2 hierarchy is mounted writable or may be mounted',
  },
  journald: {
    probe: probeJournald,
    cure: 'run as root, where /run may be written; apt-get install systemd',
  },
  'systemd-tools': { probe: probeSystemdTools, cure: 'apt-get install systemd' },
  'systemd-tmpfiles': {
    probe: () => runTool('systemd-tmpfiles', ['--version']),
    cure: 'apt-get install systemd',
  },
  shm: { probe: () => temporaryDirectory('probe', { on: 'tmpfs' })[Symbol.dispose](), cure: 'mount /dev/shm' },
} satisfies Record<string, { probe: () => unknown; cure: string }>;

/** A named thing that a test may need of the machine. */
export type Capability = keyof typeof table;

/** All names there are. */
export const capabilities: readonly Capability[] = Object.keys(table) as Capability[];

const known = new Map<Capability, string | undefined>();

/**
 * Says why the machine lacks a capability and what would bring it, or `undefined` when it is there. The answer is found
 * once a process.
 */
export function whyMissing(capability: Capability): string | undefined {
  if (!known.has(capability)) known.set(capability, probe(capability));
  return known.get(capability);
}

/** Tells whether the machine has a capability. */
export function hasCapability(capability: Capability): boolean {
  return whyMissing(capability) === undefined;
}

function probe(capability: Capability): string | undefined {
  try {
    table[capability].probe();
    return undefined;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return `${(error as Error).message}${cause} (to have it: ${table[capability].cure})`;
  }
}

function assert(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

function probeUnprivilegedUser(): void {
  const [command, ...args] = unprivilegedCommand([process.execPath, '-e', ''], NOBODY, NOBODY) as [string, ...string[]];
  runTool(command, args, { cwd: '/' });
}

/** Made, moved into by a process, and empty again when that has ended. */
function probeCgroup2(): void {
  using cgroup = temporaryCgroup();
  runTool('sh', ['-c', 'echo $$ > "$0/cgroup.procs"', cgroup.directory]);
  accessSync(`${cgroup.directory}/cgroup.freeze`, constants.W_OK);
  accessSync(`${cgroup.directory}/cgroup.kill`, constants.W_OK);
}

/** One that is started, asked and ended again; it cleans up nothing itself. */
function probeSystemdTools(): void {
  for (const tool of ['systemd-notify', 'systemd-id128', 'systemd-socket-activate']) runTool(tool, ['--version']);
}

function probeJournald(): void {
  const namespace = `osx-probe-${process.pid}`;
  const script = [
    'trap \'rm -rf "/run/systemd/journal.$2" /run/log/journal/*."$2" /var/log/journal/*."$2"\' EXIT',
    '"$1" "$2" < /dev/null > /dev/null 2>&1 & pid=$!',
    'for try in $(seq 200); do [ -S "/run/systemd/journal.$2/io.systemd.journal" ] && break; sleep 0.02; done',
    'journalctl "--namespace=$2" --sync; result=$?',
    'kill $pid; wait $pid; exit $result',
  ].join('\n');
  runTool('sh', ['-c', script, 'sh', JOURNALD, namespace]);
}

function compile(compiler: string): void {
  using directory = temporaryDirectory('probe');
  const source = '#include <fcntl.h>\n#include <stdio.h>\nint main(void) { return O_RDONLY; }\n';
  runTool(compiler, ['-x', 'c', '-c', '-', '-o', `${directory.path}/probe.o`], { input: source });
}

function kernelAtLeast(major: number, minor: number): boolean {
  const [has = 0, hasMinor = 0] = readFileSync('/proc/sys/kernel/osrelease', 'latin1')
    .split('.')
    .map((part) => parseInt(part, 10));
  return has > major || (has === major && hasMinor >= minor);
}
