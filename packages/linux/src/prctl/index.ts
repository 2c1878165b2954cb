/**
 * prctl(2): what a thread or process tells the kernel about itself, and the titles by which it is shown. All calls are synchronous, because most of them mean the calling
 * thread; each says whether it means the thread or the process.
 *
 * @module
 */
export { getChildSubreaper, setChildSubreaper } from './child-subreaper.ts';
export { getDumpable, setDumpable } from './dumpable.ts';
export type { Dumpable } from './dumpable.ts';
export { getKeepCapabilities, setKeepCapabilities } from './keep-capabilities.ts';
export { getNoNewPrivs, setNoNewPrivs } from './no-new-privs.ts';
export { getParentDeathSignal, setParentDeathSignal } from './parent-death-signal.ts';
export type { ParentDeathSignalOptions } from './parent-death-signal.ts';
export { processTitleCapacity, setProcessTitle } from './process-title.ts';
export type { SetProcessTitleOptions } from './process-title.ts';
export { getThreadName, setThreadName } from './thread-name.ts';
export type { SetThreadNameOptions } from './thread-name.ts';
export { currentThreadId, getThreadTitle, listThreadIds, setThreadTitle } from './thread-title.ts';
export type { GetThreadTitleOptions, SetThreadTitleOptions } from './thread-title.ts';
export { getTimerSlack, setTimerSlack } from './timer-slack.ts';
