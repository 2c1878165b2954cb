/** What the flags that matter for a fork say. */
export interface NodeFlags {
  readonly isSingleThreaded: boolean;
  /** Threads of V8's platform; 4 where nothing is said. */
  readonly poolSize: number;
}

/**
 * Reads the flags as Node does: the last one holds, the command line after NODE_OPTIONS, `_` is `-` in the names of
 * options, and V8 also takes `--nofoo`.
 */
export function nodeFlags(execArgv: readonly string[], nodeOptions = ''): NodeFlags {
  let isSingleThreaded = false;
  let poolSize = 4;
  const words = [...nodeOptions.split(' ').map((word) => word.replaceAll('"', '')), ...execArgv];
  for (const [index, word] of words.entries()) {
    const [name = '', value = words[index + 1]] = word.split('=', 2);
    const option = name.replaceAll('_', '-');
    if (option === '--single-threaded') isSingleThreaded = true;
    if (option === '--no-single-threaded' || option === '--nosingle-threaded') isSingleThreaded = false;
    if (option === '--v8-pool-size') poolSize = Number(value);
  }
  return { isSingleThreaded, poolSize };
}
