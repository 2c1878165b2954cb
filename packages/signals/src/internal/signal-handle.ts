import { UnsupportedError } from '@osx/errors';

/** A signal as libuv watches it, wrapped by Node: `process.on(name)` opens one, for the names that it knows. */
export interface SignalHandle {
  onsignal: (number: number) => void;
  /** 0 or the negative errno. */
  start(number: number): number;
  unref(): void;
  /** No call comes after it. With the last handle of a signal in the process goes its handler. */
  close(): void;
}

let signalHandle: (new () => SignalHandle) | undefined;

/**
 * The class of Node's signal handles. It takes the number of any signal; only `process.on` is limited to names.
 *
 * @throws {UnsupportedError} where Node does not show it.
 */
export function signalHandleClass(): new () => SignalHandle {
  signalHandle ??= takeSignalHandleClass();
  if (signalHandle === undefined) {
    throw new UnsupportedError({
      feature: 'handling real-time signals',
      requires:
        'Node.js, whose signal handles take any number, with its own listener of the event newListener in place',
      syscall: 'sigaction',
    });
  }
  return signalHandle;
}

/** Node has no public name for the class: it is taken from a handle that Node makes for SIGKILL, and the kernel refuses. */
function takeSignalHandleClass(): (new () => SignalHandle) | undefined {
  let handle: Partial<SignalHandle> | undefined;
  const hook = process.getBuiltinModule('node:async_hooks').createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'SIGNALWRAP') handle = resource;
    },
  });
  hook.enable();
  try {
    process.on('SIGKILL', ignore);
  } catch {
    // EINVAL, as wanted: no disposition has changed.
  } finally {
    hook.disable();
    process.off('SIGKILL', ignore);
  }
  const isWhole = typeof handle?.start === 'function' && typeof handle.close === 'function';
  return isWhole ? (handle?.constructor as new () => SignalHandle) : undefined;
}

function ignore(): void {}
