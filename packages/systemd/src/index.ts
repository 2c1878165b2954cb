/**
 * What a service owes systemd: readiness, watchdog, socket activation, and the ids of machine and boot.
 *
 * @packageDocumentation
 */
export { appSpecificBootId } from './app-specific-boot-id.ts';
export { appSpecificMachineId } from './app-specific-machine-id.ts';
export { bootId } from './boot-id.ts';
export { invocationId } from './invocation-id.ts';
export { isBooted } from './is-booted.ts';
export { isSocket } from './is-socket.ts';
export type { SocketWish } from './is-socket.ts';
export { listenFds } from './listen-fds.ts';
export type { ListenFdsOptions } from './listen-fds.ts';
export type { ListenFd, ListenFdKind, ListenFdFamily } from './listen-fd.ts';
export { machineId } from './machine-id.ts';
export type { MachineIdOptions } from './machine-id.ts';
export { notify } from './notify.ts';
export { notifyBarrier } from './notify-barrier.ts';
export type { NotifyBarrierOptions } from './notify-barrier.ts';
export type { NotifyFields } from './notify-fields.ts';
export type { NotifyOptions, NotifySyncOptions } from './notify-options.ts';
export { notifySync } from './notify-sync.ts';
export { startWatchdog } from './start-watchdog.ts';
export type { RunningWatchdog, StartWatchdogOptions } from './start-watchdog.ts';
export { watchdog } from './watchdog.ts';
export type { WatchdogOptions, WatchdogRequest } from './watchdog.ts';
