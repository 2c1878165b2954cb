/**
 * Death pacts: a process that ends when its reason to live is gone (its parent, a named process, the holder of a pipe, a
 * heartbeat), whatever killed that, SIGKILL included.
 *
 * @module
 */
export { createDeathpactPipe } from './create-deathpact-pipe.ts';
export type { DeathpactPipe } from './create-deathpact-pipe.ts';
export type { Deathpact, DeathpactOptions } from './deathpact.ts';
export { HeartbeatFile } from './heartbeat-file.ts';
export type { HeartbeatFileOptions } from './heartbeat-file.ts';
export { HeartbeatFileDeathpact } from './heartbeat-file-deathpact.ts';
export type { HeartbeatFileDeathpactOptions } from './heartbeat-file-deathpact.ts';
export { NoDeathpact } from './no-deathpact.ts';
export { ParentDeathSignal } from './parent-death-signal.ts';
export type { ParentDeathSignalOptions } from './parent-death-signal.ts';
export { PipeDeathpact } from './pipe-deathpact.ts';
export type { PipeDeathpactOptions } from './pipe-deathpact.ts';
export { ProcessDeathpact } from './process-deathpact.ts';
export type { ProcessDeathpactOptions, ProcessIdentity } from './process-deathpact.ts';
export { spawnWithDeathpact } from './spawn-with-deathpact.ts';
export type { SpawnWithDeathpactOptions } from './spawn-with-deathpact.ts';
