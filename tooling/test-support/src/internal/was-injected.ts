/**
 * Tells from a trace whether the fault of an `inject=` expression happened. strace marks failed and delayed calls; an
 * injected signal shows as a signal from the kernel, and SIGKILL only as the end.
 */
export function wasInjected(inject: string, trace: string): boolean {
  if (/ \((?:INJECTED|DELAYED)[^)]*\)$/m.test(trace)) return true;
  const signal = /:signal=(?:SIG)?(\w+)/.exec(inject)?.[1];
  if (signal === undefined) return false;
  if (signal === 'KILL') return trace.includes('+++ killed by SIGKILL');
  return new RegExp(`--- SIG${signal} \\{si_signo=SIG${signal}, si_code=SI_KERNEL`).test(trace);
}
