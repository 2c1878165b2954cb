import type { State } from '../state-file.ts';

/** What is wrong with the state that a daemon left, or has now; empty when nothing is. */
export function auditState(state: State, acknowledged: Iterable<string>): string[] {
  const done = state.done.map(({ id }) => id);
  const queued = state.queue.map(({ id }) => id);
  const kept = new Set([...done, ...queued]);
  const faults: string[] = [];
  const lost = [...acknowledged].filter((id) => !kept.has(id));
  if (lost.length > 0) faults.push(`${lost.length} acknowledged jobs are lost: ${some(lost)}`);
  const twice = repeated([...done, ...queued]);
  if (twice.length > 0) faults.push(`${twice.length} jobs are in the state twice: ${some(twice)}`);
  return faults;
}

/**
 * What is wrong with a daemon's life that began with the state `before`: it may run again what was running when the last
 * one was killed, and nothing that was recorded.
 */
export function auditLife(before: State, ran: readonly string[], after: State): string[] {
  const faults: string[] = [];
  const recorded = new Set(before.done.map(({ id }) => id));
  const again = ran.filter((id) => recorded.has(id));
  if (again.length > 0) faults.push(`${again.length} recorded jobs were run again: ${some(again)}`);
  const twice = repeated(ran);
  if (twice.length > 0) faults.push(`${twice.length} jobs were run twice by one daemon: ${some(twice)}`);
  const changed = before.done.filter((result, index) => JSON.stringify(result) !== JSON.stringify(after.done[index]));
  if (changed.length > 0) faults.push(`${changed.length} results have changed: ${some(changed.map(({ id }) => id))}`);
  return faults;
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

function some(ids: readonly string[]): string {
  return ids.length > 3 ? `${ids.slice(0, 3).join(', ')}, ...` : ids.join(', ');
}
