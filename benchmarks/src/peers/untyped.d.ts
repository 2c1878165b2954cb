declare module 'fast-write-atomic' {
  const writeAtomic: { promise(path: string, content: string | Uint8Array): Promise<void> };
  export default writeAtomic;
}

declare module 'fs-native-extensions' {
  export function tryLock(fd: number): boolean;
  export function waitForLock(fd: number): Promise<void>;
  export function unlock(fd: number): void;
}

type Done<T> = (error: Error | null | undefined, value: T) => void;

declare module 'npid' {
  const npid: { create(path: string, force?: boolean): { remove(): boolean } };
  export default npid;
}

declare module 'pidlockfile' {
  const pidlockfile: {
    lock(path: string, done: Done<void>): void;
    check(path: string, done: Done<boolean>): void;
    unlock(path: string, done: Done<void>): void;
  };
  export default pidlockfile;
}

declare module 'daemon-pid' {
  interface DaemonPid {
    write(done: Done<void>): void;
    delete(done: Done<void>): void;
    running(done: Done<boolean>): void;
    kill(signal: string, done: Done<void>): void;
  }
  const daemonPid: (path: string) => DaemonPid;
  export default daemonPid;
}

declare module 'single-instance' {
  class SingleInstance {
    constructor(name: string, options: { socketPath: string });
    lock(): Promise<true>;
    unlock(): Promise<true>;
  }
  export default SingleInstance;
}

declare module 'process-on-spawn' {
  export function addListener(listener: (options: { env: Record<string, string> }) => void): void;
}
