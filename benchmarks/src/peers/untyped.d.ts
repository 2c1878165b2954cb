declare module 'fast-write-atomic' {
  const writeAtomic: { promise(path: string, content: string | Uint8Array): Promise<void> };
  export default writeAtomic;
}

declare module 'fs-native-extensions' {
  export function tryLock(fd: number): boolean;
  export function waitForLock(fd: number): Promise<void>;
  export function unlock(fd: number): void;
}
