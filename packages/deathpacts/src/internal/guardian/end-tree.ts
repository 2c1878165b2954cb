import { allEnded, sendTo, type Pinned } from './pinned.ts';
import type { TreeMembers } from './tree-members.ts';

const SIGKILL = 9;
const SIGSTOP = 19;
/** How long to wait for those who were killed before looking again for those who were not seen. */
const LOOK_AGAIN_MS = 100;

/** Ends a tree: stops all until nobody new is found, for what is stopped starts nothing; then kills; until there is nobody left. */
export async function endTree(members: TreeMembers): Promise<void> {
  /** Another user's: there is nothing that we may do. */
  const untouchable = new Set<Pinned>();
  for (;;) {
    const stopped = new Set<Pinned>();
    for (let fresh = members.look(); fresh.length > 0; fresh = members.look().filter((one) => !stopped.has(one))) {
      for (const member of fresh) {
        stopped.add(member);
        if (!sendTo(member, SIGSTOP)) untouchable.add(member);
      }
    }
    const victims = [...stopped].filter((member) => !untouchable.has(member));
    if (victims.length === 0) return;
    for (const victim of victims) sendTo(victim, SIGKILL);
    await members.killCgroup();
    await allGone(victims);
  }
}

async function allGone(victims: readonly Pinned[]): Promise<void> {
  const { setTimeout: sleep } = process.getBuiltinModule('node:timers/promises');
  const stop = new AbortController();
  const late = sleep(LOOK_AGAIN_MS, undefined, { signal: stop.signal }).catch(() => {});
  await Promise.race([allEnded(victims), late]);
  stop.abort();
}
