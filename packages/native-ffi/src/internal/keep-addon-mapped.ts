/** dlopen(3) flags: RTLD_NOW, and RTLD_NODELETE of glibc, musl and FreeBSD against Darwin's. */
const RTLD_NOW = 2;
const RTLD_NODELETE = process.platform === 'darwin' ? 0x80 : 0x1000;

/** The file of koffi's addon, as Node's module cache names it. */
export function findLoadedAddon(cache: NodeJS.Dict<NodeModule>): string | undefined {
  return Object.keys(cache).find((file) => /koffi[^/\\]*\.node$/.test(file));
}

/**
 * Keeps koffi's addon mapped until the process ends.
 *
 * A Worker unmaps its addons when it ends, and only afterwards runs its loop once more for the close callbacks of
 * handles that were still open: a poll handle of koffi then jumps into unmapped code, and the process dies by SIGSEGV
 * (koffi 3.3.4 on Node 24: worker.terminate() with an open poll handle). One more dlopen with RTLD_NODELETE prevents it.
 */
export function keepAddonMapped(
  koffi: typeof import('koffi'),
  libc: import('koffi').LibraryHandle,
  file: string | undefined,
): boolean {
  if (file === undefined) return false;
  const dlopen = libc.func('dlopen', koffi.pointer('void'), ['str', 'int']);
  return dlopen(file, RTLD_NOW | RTLD_NODELETE) !== null;
}
