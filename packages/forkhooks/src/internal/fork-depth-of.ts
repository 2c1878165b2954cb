import { ROOT_VARIABLE } from './child-payload.ts';
import { currentProcess, identityText, readStat } from './process-identity.ts';

/** Where a process stands in its tree. */
interface Place {
  readonly self: string;
  /** The first process of the tree. */
  readonly root: string;
  readonly depth: number;
}

let known: Place | undefined;

/**
 * The place of this process. The environment only says who is the first; that this one descends from it is read from the
 * kernel, each parent in turn, so neither a forged claim nor one that has outlived its process counts.
 */
export function currentPlace(): Place {
  const current = currentProcess();
  const self = identityText(current);
  if (known?.self === self) return known;
  // After a fork(2) what the parent knew is a claim like another.
  const claim = known?.root ?? process.env[ROOT_VARIABLE];
  const depth =
    claim === undefined ? undefined : distance(current.pid, `${current.boot}/${current.pidNamespace}`, claim);
  known = claim === undefined || depth === undefined ? { self, root: self, depth: 0 } : { self, root: claim, depth };
  return known;
}

/** How many parents there are from a process to the one that the claim names; undefined when it is none of them. */
function distance(pid: number, system: string, claim: string): number | undefined {
  const [, pidClaim, startClaim] = /^(?:.*)\/(\d+)\/(\d+)$/.exec(claim) ?? [];
  if (pidClaim === undefined || !claim.startsWith(`${system}/`)) return undefined;
  let at = readStat(pid);
  for (let depth = 0; at !== undefined; depth++) {
    if (at.pid === Number(pidClaim)) return at.startTime === startClaim ? depth : undefined;
    const parent = readStat(at.parentPid);
    // A parent that is younger has got the pid of one that has gone since the child was read.
    if (parent === undefined || Number(parent.startTime) > Number(at.startTime)) return undefined;
    at = parent;
  }
  return undefined;
}

/** What children are told; nothing where it could not be verified. */
export function rootForChildren(): string | undefined {
  return process.platform === 'linux' ? currentPlace().root : undefined;
}
