import { JobClient } from '../client.ts';
import type { Job } from '../state-file.ts';
import type { Stage } from './stage.ts';

export interface Sent {
  /** Ids of jobs whose fate the client was not told. */
  readonly unanswered: string[];
  /** Acknowledged jobs that were not in the file at that moment, or the file was not whole. */
  readonly faults: string[];
}

/**
 * Several clients send the jobs at once, each the next one when its last is acknowledged, until there are no more or the
 * daemon is gone. At every acknowledgement they look for the job in the state file.
 */
export async function sendJobs(stage: Stage, ids: Iterable<string>, clients = 8): Promise<Sent> {
  const sent: Sent = { unanswered: [], faults: [] };
  const source = ids[Symbol.iterator]();

  async function sendUntilTheEnd(client: JobClient): Promise<void> {
    for (let next = source.next(); next.done !== true; next = source.next()) {
      const id = next.value;
      try {
        await client.submit(jobOf(id));
      } catch {
        sent.unanswered.push(id);
        return;
      }
      stage.acknowledged.add(id);
      await look(stage, id, sent.faults);
    }
  }

  const connections = await Promise.all(Array.from({ length: clients }, () => JobClient.connect(stage.socketPath)));
  try {
    await Promise.all(connections.map(sendUntilTheEnd));
  } finally {
    for (const connection of connections) connection.close();
  }
  return sent;
}

export function* numbered(prefix: string, count = Infinity): Generator<string> {
  for (let number = 1; number <= count; number++) yield `${prefix}-${number}`;
}

export function jobOf(id: string): Job {
  return { id, text: `the text of ${id}` };
}

async function look(stage: Stage, id: string, faults: string[]): Promise<void> {
  try {
    const { queue, done } = await stage.state();
    if ([...queue, ...done].some((job) => job.id === id)) return;
    faults.push(`${id} was acknowledged and is not in the file`);
  } catch (error) {
    faults.push((error as Error).message);
  }
}
