/**
 * Real resources for tests against the real kernel: temporary directories, child programs with a ready handshake,
 * mounts, power cuts, injected system call failures, and counts of what leaks.
 *
 * @module
 */
export { assertHeadersAgree } from './c-headers.ts';
export type { CClaims, CCompiler } from './c-headers.ts';
export { capabilities, hasCapability, whyMissing } from './capabilities.ts';
export type { Capability } from './capabilities.ts';
export { codeThrownBy } from './code-thrown-by.ts';
export { eventually } from './eventually.ts';
export { expectNoNewFds, openFds } from './open-fds.ts';
export { FixtureProcess } from './fixture-process.ts';
export { forEveryInjection } from './for-every-injection.ts';
export type { Inject, InjectionRound } from './for-every-injection.ts';
export { JournalEntry, parseJournalExport } from './journal-entry.ts';
export { mountImage } from './mount-image.ts';
export type { ImageMount } from './mount-image.ts';
export { mountTmpfs } from './mount-tmpfs.ts';
export type { Mount } from './mount-tmpfs.ts';
export { needs } from './needs.ts';
export { powerCutRound } from './power-cut-round.ts';
export type { PowerCutRound } from './power-cut-round.ts';
export { runFixture } from './run-fixture.ts';
export type { FixtureResult } from './run-fixture.ts';
export { runTool } from './run-tool.ts';
export { spawnFixture } from './spawn-fixture.ts';
export { startJournald, TestJournald } from './start-journald.ts';
export type { StartJournaldOptions } from './start-journald.ts';
export { straceCalls } from './strace-calls.ts';
export type { TracedCall } from './strace-calls.ts';
export { straceInject } from './strace-inject.ts';
export type { StraceResult } from './strace-inject.ts';
export { temporaryCgroup } from './temporary-cgroup.ts';
export type { TemporaryCgroup } from './temporary-cgroup.ts';
export { temporaryDirectory } from './temporary-directory.ts';
export { threadCount } from './thread-count.ts';
export { asUnprivilegedUser } from './unprivileged-user.ts';
