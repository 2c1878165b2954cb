import { closeNumber, type FdOrigin } from './close-number.ts';

/** An owner, as the table sees it. */
interface Owner {
  readonly origin: FdOrigin;
  /** The number is somebody else's from now on: forget it, do not close it. */
  readonly lose: () => void;
}

/**
 * Which number has which owner in this thread: at most one. The kernel hands out only free numbers, so a new owner is
 * proof that the former one's descriptor was closed by someone else; it must never close the number again.
 */
const owners = new Map<number, Owner>();

let closesAtExit = false;

export function own(number: number, owner: Owner): void {
  const former = owners.get(number);
  owners.set(number, owner);
  former?.lose();
  if (owner.origin === 'native' && !closesAtExit) {
    closesAtExit = true;
    const { isMainThread } = process.getBuiltinModule('node:worker_threads');
    if (!isMainThread) process.once('exit', closeNativeOnes);
  }
}

export function disown(number: number, owner: Owner): void {
  if (owners.get(number) === owner) owners.delete(number);
}

/** What Node does at the end of a Worker for the descriptors that its `fs` opened. */
function closeNativeOnes(): void {
  for (const [number, { origin, lose }] of owners) {
    if (origin !== 'native') continue;
    owners.delete(number);
    lose();
    try {
      closeNumber(number, origin);
    } catch {
      // Foreign code closed it; an error here would only hide how the Worker ended.
    }
  }
}
