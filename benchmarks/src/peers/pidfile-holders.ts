import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** How one of them makes a process the only one of its kind, and how it stops the one that is. */
export interface PidfileHolder {
  readonly acquire: (path: string) => Promise<() => unknown>;
  /** Sends SIGTERM to the process that the file names, the way its users do; absent when it names none. */
  readonly stop?: (path: string) => Promise<unknown>;
}

const killNamed = (path: string): void => void process.kill(Number.parseInt(readFileSync(path, 'utf8'), 10), 'SIGTERM');

/** Each loads its own package only. */
export const pidfileHolders: Readonly<Record<string, () => Promise<PidfileHolder>>> = {
  async acquirePidfile() {
    const { acquirePidfile, pinPidfileOwner } = await import('@osx/pidfiles');
    return {
      async acquire(path) {
        const pidfile = await acquirePidfile(path);
        return () => pidfile.close();
      },
      async stop(path) {
        const pinned = await pinPidfileOwner(path, { timeoutMs: 1000 });
        try {
          pinned.kill('SIGTERM');
        } finally {
          pinned.close();
        }
      },
    };
  },

  async npid() {
    const { default: npid } = await import('npid');
    return {
      acquire(path) {
        const pid = npid.create(path);
        return Promise.resolve(() => pid.remove());
      },
      stop: (path) => Promise.resolve(killNamed(path)),
    };
  },

  async pidlockfile() {
    const { default: pidlockfile } = await import('pidlockfile');
    return {
      async acquire(path) {
        await promised<void>((done) => pidlockfile.lock(path, done));
        return () => promised<void>((done) => pidlockfile.unlock(path, done));
      },
      async stop(path) {
        if (await promised<boolean>((done) => pidlockfile.check(path, done))) killNamed(path);
      },
    };
  },

  async 'daemon-pid'() {
    const { default: daemonPid } = await import('daemon-pid');
    return {
      async acquire(path) {
        const pid = daemonPid(path);
        await promised<void>((done) => pid.write(done));
        return () => promised<void>((done) => pid.delete(done));
      },
      stop: (path) => promised<void>((done) => daemonPid(path).kill('SIGTERM', done)),
    };
  },

  async 'single-instance'() {
    const { default: SingleInstance } = await import('single-instance');
    return {
      async acquire(path) {
        const instance = new SingleInstance('benchmark', { socketPath: path });
        await instance.lock();
        return () => instance.unlock();
      },
    };
  },

  /** Locks a file that must be there, by a directory beside it. */
  async 'proper-lockfile'() {
    const { default: properLockfile } = await import('proper-lockfile');
    return {
      async acquire(path) {
        writeFileSync(path, '', { flag: 'a' });
        return properLockfile.lock(path);
      },
    };
  },

  /** What a shell script does, and many a program. */
  'write the pid, kill the pid': () =>
    Promise.resolve({
      acquire(path) {
        writeFileSync(path, `${process.pid}\n`);
        return Promise.resolve(() => rmSync(path));
      },
      stop: (path) => Promise.resolve(killNamed(path)),
    }),
};

function promised<T>(call: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error === null || error === undefined ? resolve(value) : reject(error)));
  });
}
