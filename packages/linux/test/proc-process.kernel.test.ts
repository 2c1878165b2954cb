import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import { SystemError } from '@osx/errors';
import { listProcesses, openProcess } from '@osx/linux/proc';
import type { ProcProcess } from '@osx/linux/proc';
import { codeThrownBy, eventually, expectNoNewFds, needs, openFds, runTool } from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { processChildren } from '../src/internal/process-children.ts';
import { ProcDirectory } from '../src/internal/proc-directory.ts';
import { startGrandchild } from './fixtures/grandchild.ts';
import { startPython } from './fixtures/python-actor.ts';

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  openProcess('self').close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** The name is the new program's a little before its arguments and environment; it sleeps when all is in place. */
function isAsleep(target: ProcProcess): boolean {
  const { comm, state } = target.stat();
  return comm === 'sleep' && state === 'S';
}

/** A child that does nothing, for as long as the block lasts. */
async function sleeper(args: readonly string[] = ['sleep', '600'], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(args[0] as string, args.slice(1), { stdio: 'ignore', env });
  const exited = once(child, 'exit');
  await once(child, 'spawn');
  return {
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

needs('python3').describe('stat', () => {
  test('agrees with Python in all 52 fields', async () => {
    await using child = await sleeper();
    using sleeping = openProcess(child.pid);
    await eventually(() => isAsleep(sleeping));
    const program = `import json; s = open('/proc/${child.pid}/stat').read(); e = s.rindex(')')
print(json.dumps([s[:s.index('(')].strip(), s[s.index('(') + 1:e], *s[e + 2:].split()]))`;
    const python = JSON.parse(runTool('python3', ['-c', program])) as string[];
    expect(python).toHaveLength(52);
    expect(
      Object.values({ ...sleeping.stat(), commBytes: undefined })
        .filter((value) => value !== undefined)
        .slice(0, 52)
        .map(String),
    ).toEqual(python);
  });

  test('agrees with ps', async () => {
    await using child = await sleeper(['nice', '-n', '7', 'sleep', '600']);
    using sleeping = openProcess(child.pid);
    await eventually(() => isAsleep(sleeping));
    const { pid, ppid, pgrp, session, nice, numThreads, tpgid, minflt, comm, vsize } = sleeping.stat();
    const columns = 'pid=,ppid=,pgid=,sess=,ni=,nlwp=,tpgid=,minflt=,vsz=,comm=';
    const output = runTool('ps', ['-o', columns, '-p', String(child.pid)])
      .trim()
      .split(/\s+/);
    expect(output).toEqual([pid, ppid, pgrp, session, nice, numThreads, tpgid, minflt, vsize / 1024, comm].map(String));
  });

  test.each(['a b', ') R 1 (', '\n(\n)', '(sd-pam)', '\\n', '\\\\', ' x ', 'ü', '# a:\tb'])(
    'a process that calls itself %j, in stat and in status',
    async (name) => {
      await using actor = await startPython(
        `open('/proc/self/comm', 'wb').write(${JSON.stringify(name)}.encode()); print(1)`,
      );
      using named = openProcess(actor.pid);
      expect([named.stat().comm, named.status().name]).toEqual([name, name]);
      expect([named.stat().ppid, named.status().ppid]).toEqual([process.pid, process.pid]);
    },
  );

  test('units are those of the machine', () => {
    using self = openProcess('self');
    const { utime, userTimeMs, starttime, startTimeMs, rss, rssBytes } = self.stat();
    const ticks = Number(runTool('getconf', ['CLK_TCK']));
    expect([userTimeMs, startTimeMs]).toEqual([(utime * 1000) / ticks, (starttime * 1000) / ticks]);
    expect(rssBytes).toBe(rss * Number(runTool('getconf', ['PAGESIZE'])));
    const uptimeMs = Number.parseFloat(readFileSync('/proc/uptime', 'latin1')) * 1000;
    expect(startTimeMs).toBeLessThan(uptimeMs);
  });
});

needs('python3').describe('status', () => {
  test('signals: blocked, ignored, handled, pending for the thread and for the process', async () => {
    await using actor = await startPython(`
signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGUSR1, signal.SIGUSR2, signal.SIGRTMIN + 3, signal.SIGRTMAX})
for s in range(1, 65):
    try: signal.signal(s, signal.SIG_DFL)
    except (OSError, ValueError): pass
signal.signal(signal.SIGHUP, signal.SIG_IGN)
signal.signal(signal.SIGWINCH, lambda *a: None)
signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR2)
os.kill(os.getpid(), signal.SIGRTMIN + 3)
print(1)`);
    using target = openProcess(actor.pid);
    const { sigBlk, sigIgn, sigCgt, sigPnd, shdPnd } = target.status();
    expect(sigBlk.names).toEqual(['SIGUSR1', 'SIGUSR2', 'SIGRTMIN+3', 'SIGRTMAX']);
    expect(sigBlk.mask).toBe((1n << 9n) | (1n << 11n) | (1n << 36n) | (1n << 63n));
    expect(sigIgn.names).toEqual(['SIGHUP']);
    expect(sigCgt.names.filter((name) => !['SIG32', 'SIG33'].includes(name))).toEqual(['SIGWINCH']);
    expect([sigPnd.names, shdPnd.names]).toEqual([['SIGUSR2'], ['SIGRTMIN+3']]);
    expect(target.status().sigQueued).toBeGreaterThan(0);
  });

  needs('root', 'setpriv').test('ids, groups, capabilities, no_new_privs', async () => {
    await using actor = await startPython(
      `os.setresuid(1001, 1002, 1001); print(json.dumps([os.getresuid(), os.umask(0o027) and None]))`,
      { prefix: ['setpriv', '--regid=2001', '--groups=4,24', '--no-new-privs', '--bounding-set=-sys_admin'] },
    );
    using target = openProcess(actor.pid);
    const status = target.status();
    expect(status).toMatchObject({
      uid: { real: 1001, effective: 1002, saved: 1001, filesystem: 1002 },
      gid: { real: 2001, effective: 2001, saved: 2001, filesystem: 2001 },
      groups: [4, 24],
      umask: 0o27,
      capEff: 0n,
      noNewPrivs: true,
      seccomp: 'disabled',
      tracerPid: 0,
    });
    // CAP_SYS_ADMIN is 21.
    expect(status.capBnd & (1n << 21n)).toBe(0n);
    expect(status.capBnd & 1n).toBe(1n);
  });

  test('memory, threads, pids and switches, against Python and ps', async () => {
    await using actor = await startPython(`
t = threading.Thread(target=lambda: time.sleep(600), daemon=True); t.start()
d = dict(l.split(':', 1) for l in open('/proc/self/status').read().splitlines())
print(json.dumps({k: v.strip() for k, v in d.items()}))`);
    using target = openProcess(actor.pid);
    const status = target.status();
    const python = actor.ready as Record<string, string>;
    expect([...status.fields.keys()]).toEqual(Object.keys(python));
    expect(status.vmSizeBytes).toBe(Number.parseInt(python['VmSize'] as string, 10) * 1024);
    expect(status).toMatchObject({ threads: 2, tgid: actor.pid, nsPid: expect.arrayContaining([actor.pid]) });
    // The kernel adds the pages up per thread, and a little late.
    await eventually(() => {
      const rss = Number(runTool('ps', ['-o', 'rss=', '-p', String(actor.pid)]));
      return target.status().vmRssBytes === rss * 1024;
    });
    expect(status.vmHwmBytes).toBeGreaterThanOrEqual(status.vmRssBytes as number);
    expect(status.voluntaryCtxtSwitches).toBeGreaterThan(0);
  });

  needs('pid-namespace').test('pids of an inner namespace', async () => {
    await using actor = await startPython('print(fork(lambda: time.sleep(600)))', {
      prefix: ['unshare', '--pid', '--fork', '--kill-child'],
    });
    using outer = openProcess(actor.pid);
    const inner = await eventually(() => outer.children()[0]);
    using python = openProcess(inner);
    expect(python.status().nsPid).toEqual([inner, 1]);
    using forked = openProcess(await eventually(() => python.children()[0]));
    expect(forked.status().nsPid).toEqual([forked.pid, actor.ready]);
  });
});

describe('command line and environment', () => {
  test.each([
    [['sleep', '600']],
    [[process.execPath, '-e', 'setInterval(() => {}, 60_000)', '', 'a b', 'new\nline', '']],
    [[process.execPath, '-e', 'setInterval(() => {}, 60_000)', 'ü', '🐧']],
  ])('the arguments of %j', async (args) => {
    await using child = await sleeper(args);
    using running = openProcess(child.pid);
    await eventually(() => running.cmdline().length === args.length);
    expect(running.cmdline()).toEqual(args);
    expect(running.cmdline({ encoding: 'buffer' })).toEqual(args.map((text) => Buffer.from(text)));
  });

  needs('python3').test('arguments that are not UTF-8', async () => {
    await using actor = await startPython("print(fork(lambda: os.execv('/bin/sleep', [b'sl\\xff', b'600'])))");
    using running = openProcess(actor.ready as number);
    await eventually(() => isAsleep(running));
    expect(running.cmdline({ encoding: 'buffer' }).map((bytes) => bytes.toString('latin1'))).toEqual(['sl\xff', '600']);
    expect(running.cmdline()).toEqual(['sl\uFFFD', '600']);
  });

  test('a process that wrote a title over its arguments', async () => {
    const program = "process.title = 'my title'; console.log('ready'); setInterval(() => {}, 60_000)";
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    {
      using titled = openProcess(child.pid as number);
      const [title, ...rest] = titled.cmdline();
      expect(title).toBe('my title');
      expect(rest.join('')).toBe('');
    }
    child.kill('SIGKILL');
    await exited;
  });

  needs('python3').test('a title that runs over into the environment, as setproctitle writes it', async () => {
    await using actor = await startPython(`
s = open('/proc/self/stat').read().rsplit(')', 1)[1].split()
start, end = int(s[45]), int(s[46])
title = b'T' * (end - start + 5)
ctypes.memmove(start, title + b'\\0', len(title) + 1)
print(len(title))`);
    using titled = openProcess(actor.pid);
    expect(titled.cmdline()).toEqual(['T'.repeat(actor.ready as number)]);
  });

  test('the environment, empty values and equals signs included', async () => {
    const env = { A: '1', EMPTY: '', EQUALS: 'a=b=c', 'NOT ÄSCII': 'ü\nz', PATH: process.env['PATH'] };
    await using child = await sleeper(['sleep', '600'], env);
    using running = openProcess(child.pid);
    await eventually(() => isAsleep(running));
    expect(Object.fromEntries(running.environ())).toEqual(env);
    expect(running.environ({ encoding: 'buffer' }).map(String)).toContain('EQUALS=a=b=c');
  });

  needs('python3').test('of two variables the first counts; what is no variable is in the bytes only', async () => {
    await using actor = await startPython(`
argv = (ctypes.c_char_p * 3)(b'sleep', b'600', None)
envp = (ctypes.c_char_p * 6)(b'A=first', b'A=second', b'=x', b'none', b'B=\\xff', None)
print(fork(lambda: libc.execve(b'/bin/sleep', argv, envp)))`);
    using running = openProcess(actor.ready as number);
    await eventually(() => isAsleep(running));
    expect([...running.environ()]).toEqual([
      ['A', 'first'],
      ['B', '\uFFFD'],
    ]);
    expect(running.environ({ encoding: 'buffer' }).map((bytes) => bytes.toString('latin1'))).toEqual([
      'A=first',
      'A=second',
      '=x',
      'none',
      'B=\xff',
    ]);
  });

  test('an environment of nearly 2 MB', async () => {
    const env: Record<string, string> = { PATH: process.env['PATH'] ?? '' };
    for (let index = 0; index < 15; index += 1) env[`V${index}`] = String(index).padStart(120_000, 'x');
    await using child = await sleeper(['sleep', '600'], env);
    using running = openProcess(child.pid);
    await eventually(() => isAsleep(running));
    expect(Object.fromEntries(running.environ())).toEqual(env);
  });
});

const kernelThread = [...listProcesses()].find((pid) => {
  try {
    using candidate = openProcess(pid);
    return candidate.stat().isKernelThread;
  } catch {
    return false;
  }
});

describe('what has no memory', () => {
  test.skipIf(kernelThread === undefined)('a kernel thread (skipped where none is in sight)', () => {
    using thread = openProcess(kernelThread as number);
    expect([thread.cmdline(), thread.environ().size, thread.isAlive()]).toEqual([[], 0, true]);
    expect(thread.status().vmRssBytes).toBeUndefined();
    if (process.getuid?.() === 0) expect([thread.exe(), thread.fds().size]).toEqual([null, 0]);
  });

  test('a zombie is there and not alive; reaped, everything is ESRCH', async () => {
    await using grandchild = await startGrandchild();
    using target = openProcess(grandchild.pid);
    expect(target.isAlive()).toBe(true);
    grandchild.exit();
    await eventually(() => target.stat().state === 'Z');
    expect([target.isAlive(), target.cmdline(), target.environ().size]).toEqual([false, [], 0]);
    expect([target.children(), target.status().state]).toEqual([[], 'Z']);
    expect(target.stat().exitCode).toBe(42 << 8);
    if (process.getuid?.() === 0) {
      expect([target.cwd(), target.root(), target.exe(), target.fds().size]).toEqual([null, null, null, 0]);
    }
    grandchild.reap();
    await eventually(() => !target.isAlive() && codeThrownBy(() => target.stat()) === 'ESRCH');
    const reads = {
      stat: () => target.stat(),
      status: () => target.status(),
      cmdline: () => target.cmdline(),
      environ: () => target.environ(),
      task: () => target.children(),
      fd: () => target.fds(),
      'fdinfo/0': () => target.fdinfo(0),
      cwd: () => target.cwd(),
      exe: () => target.exe(),
      root: () => target.root(),
      mountinfo: () => target.mountinfo(),
      limits: () => target.limits(),
    };
    for (const [name, read] of Object.entries(reads)) {
      expect(read, name).toThrow(
        expect.objectContaining({ name: 'SystemError', code: 'ESRCH', path: `/proc/${grandchild.pid}/${name}` }),
      );
    }
    expect(() => target.stat()).toThrow(
      `ESRCH: process ${grandchild.pid} is gone, open '/proc/${grandchild.pid}/stat'`,
    );
    expect(target.isAlive()).toBe(false);
    expect(codeThrownBy(() => openProcess(grandchild.pid))).toBe('ESRCH');
  });

  needs('python3').test('a process whose first thread has ended is alive', async () => {
    const exit = process.arch === 'arm64' ? 93 : 60;
    await using actor = await startPython(
      `threading.Thread(target=lambda: time.sleep(600)).start(); print(1); libc.syscall(${exit}, 0)`,
    );
    using target = openProcess(actor.pid);
    await eventually(() => target.stat().state === 'Z');
    expect([target.isAlive(), target.stat().numThreads]).toEqual([true, 2]);
  });
});

describe('children', () => {
  /** As a kernel without CONFIG_PROC_CHILDREN. */
  class WithoutChildrenFiles extends ProcDirectory {
    override read(name: string): Buffer {
      return super.read(name.replace(/children$/, 'no-such-file'));
    }
  }

  /** The same process, by both ways. */
  function bothWays(pid: number): number[][] {
    using target = openProcess(pid);
    return [target.children(), processChildren(new WithoutChildrenFiles(target.fd, pid))];
  }

  test('are those that ps shows, with and without help of the kernel', async () => {
    await using child = await sleeper(['sh', '-c', 'sleep 600 & sleep 600 & sleep 600 & wait']);
    const children = await eventually(() => {
      const [found = []] = bothWays(child.pid);
      return found.length === 3 && found;
    });
    try {
      const shown = runTool('ps', ['-o', 'pid=', '--ppid', String(child.pid)])
        .trim()
        .split(/\s+/)
        .map(Number);
      expect(bothWays(child.pid)).toEqual([shown, shown]);
      using first = openProcess(children[0] as number);
      expect([first.children(), first.stat().ppid]).toEqual([[], child.pid]);
    } finally {
      for (const pid of children) process.kill(pid, 'SIGKILL');
    }
  });

  test('without help of the kernel, of a process that ends meanwhile: nobody is taken for its child', () => {
    class EndsMeanwhile extends WithoutChildrenFiles {
      override read(name: string): Buffer {
        if (name === 'stat') throw new SystemError({ code: 'ESRCH', syscall: 'open' });
        return super.read(name);
      }
    }
    using self = openProcess('self');
    expect(codeThrownBy(() => processChildren(new EndsMeanwhile(self.fd, process.pid)))).toBe('ESRCH');
  });

  test('of every thread', async () => {
    const worker = new Worker(
      `const { spawn } = require('node:child_process');
       const { parentPort } = require('node:worker_threads');
       const child = spawn('sleep', ['600'], { stdio: 'ignore' });
       child.on('exit', () => process.exit());
       parentPort.on('message', () => child.kill('SIGKILL'));
       parentPort.postMessage(child.pid);`,
      { eval: true },
    );
    const exited = once(worker, 'exit');
    const [pid] = (await once(worker, 'message')) as [number];
    for (const children of bothWays(process.pid)) expect(children).toContain(pid);
    worker.postMessage('end');
    await exited;
    for (const children of bothWays(process.pid)) expect(children).not.toContain(pid);
  });
});

describe('a process object', () => {
  test('of itself', () => {
    using self = openProcess('self');
    expect([self.pid, self.stat().pid, self.status().tgid]).toEqual([process.pid, process.pid, process.pid]);
    expect(self.exe()?.target).toBe(process.execPath);
    expect(self.cwd()?.target).toBe(process.cwd());
    expect(self.isAlive()).toBe(true);
  });

  test('closes once, and is closed', () => {
    const self = openProcess('self');
    const { fd } = self;
    expect(self.isClosed).toBe(false);
    using info = openProcess('self');
    expect(info.fdinfo(fd)).toMatchObject({ isCloseOnExec: true });
    self.close();
    self.close();
    self[Symbol.dispose]();
    expect(self.isClosed).toBe(true);
    expect(codeThrownBy(() => info.fdinfo(fd))).toBe('EBADF');
    for (const call of [
      () => self.fd,
      () => self.stat(),
      () => self.isAlive(),
      () => self.cwd(),
      () => self.children(),
    ]) {
      expect(codeThrownBy(call)).toBe('EBADF');
    }
    expect(self.pid).toBe(process.pid);
  });

  test.each([0, -1, 1.5, 2 ** 31, NaN])('the pid %d is out of range', (pid) => {
    expect(codeThrownBy(() => openProcess(pid))).toBe('ERR_OUT_OF_RANGE');
  });

  test('bad arguments are refused before any system call', () => {
    for (const pid of ['1', null, undefined, 1n]) {
      expect(codeThrownBy(() => openProcess(pid as never))).toBe('ERR_INVALID_ARG_TYPE');
    }
    using self = openProcess('self');
    expect(codeThrownBy(() => self.fdinfo(-1))).toBe('ERR_OUT_OF_RANGE');
    expect(codeThrownBy(() => self.fdinfo('0' as never))).toBe('ERR_INVALID_ARG_TYPE');
    for (const name of ['cmdline', 'environ', 'fds', 'cwd', 'exe', 'root', 'mountinfo'] as const) {
      expect(
        codeThrownBy(() => self[name]({ encoding: 'latin1' } as never)),
        name,
      ).toBe('ERR_INVALID_ARG_VALUE');
      expect(
        codeThrownBy(() => self[name]('buffer' as never)),
        name,
      ).toBe('ERR_INVALID_ARG_TYPE');
    }
  });

  test('no process has this pid', () => {
    expect(() => openProcess(2 ** 31 - 1)).toThrow(
      "ESRCH: no such process 2147483647, or it is hidden (hidepid), open '/proc/2147483647'",
    );
  });

  test.each(['close', 'terminate'])('in a Worker, which ends by %s, leaves no descriptor', async (mode) => {
    const opened = (): number => [...openFds().values()].filter((target) => target === `/proc/${process.pid}`).length;
    for (let round = 0; round < 3; round += 1) {
      const worker = new Worker(new URL('fixtures/proc-worker.ts', import.meta.url), { workerData: mode });
      const exited = once(worker, 'exit');
      expect(await once(worker, 'message')).toEqual([process.pid]);
      if (mode === 'terminate') {
        expect(opened()).toBe(1);
        await worker.terminate();
      }
      await exited;
    }
    expect(opened()).toBe(0);
  });
});
