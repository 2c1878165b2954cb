import { fileURLToPath } from 'node:url';

/** Where a call came from. */
export interface CallSite {
  readonly CODE_FILE: string;
  readonly CODE_LINE: number;
  readonly CODE_FUNC?: string;
}

/**
 * The caller of `below`; `undefined` where stacks are not recorded or `below` is not on this one.
 *
 * @param below The function that the user called: its frame and those above it are not his.
 */
export function captureCallSite(below: (...args: never[]) => unknown): CallSite | undefined {
  // oxlint-disable-next-line typescript/unbound-method -- put back, never called
  const { prepareStackTrace, stackTraceLimit } = Error;
  let site: NodeJS.CallSite | undefined;
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_error, sites) => sites;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, below);
    site = holder.stack?.[0];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
  const file = site?.getFileName() ?? undefined;
  const line = site?.getLineNumber() ?? undefined;
  if (file === undefined || line === undefined) return undefined;
  const name = site?.getFunctionName() ?? undefined;
  return { CODE_FILE: pathOf(file), CODE_LINE: line, ...(name === undefined ? {} : { CODE_FUNC: name }) };
}

function pathOf(file: string): string {
  if (!file.startsWith('file:')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
}
