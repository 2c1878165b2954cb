/** One finished system call of a trace. */
export interface TracedCall {
  readonly pid: number;
  readonly name: string;
  /** Everything after the name: arguments, result, mark of an injection. */
  readonly text: string;
}

/**
 * Reads the trace of {@link straceInject} into calls, in the order in which they finished, to assert what comes before
 * what. A call that another thread interrupted in the trace is joined again; one that never finished is left out.
 */
export function straceCalls(trace: string): TracedCall[] {
  const calls: TracedCall[] = [];
  const unfinished = new Map<string, string>();
  for (const line of trace.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const [, name = '', text = ''] = /^(\w+)(\(.*)$/.exec(rest) ?? [];
    const [, resumed = '', end = ''] = /^<\.\.\. (\w+) resumed>(.*)$/.exec(rest) ?? [];
    if (resumed !== '') calls.push({ pid: Number(pid), name: resumed, text: (unfinished.get(pid) ?? '') + end });
    else if (text.endsWith('<unfinished ...>')) unfinished.set(pid, text.slice(0, -'<unfinished ...>'.length));
    else if (name !== '') calls.push({ pid: Number(pid), name, text });
  }
  return calls;
}
