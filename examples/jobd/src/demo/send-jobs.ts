import { JobClient } from '../client.ts';
import type { Job } from '../state-file.ts';
import { auditState } from './audit.ts';
import type { Stage } from './stage.ts';

export interface Sent {
  /** Ids of jobs whose fate the client was not told. */
  readonly unanswered: string[];
  /** What was wrong with the file at the moment of an acknowledgement. */
  readonly faults: string[];
}

/**
 * Several clients send the jobs at once, each the next one when its last is acknowledged, until there are no more or the
 * daemon is gone. At every acknowledgement they look into the state file.
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
      sent.faults.push(...(await look(stage)));
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

async function look(stage: Stage): Promise<string[]> {
  try {
    // As of now: others are acknowledged while the file is read.
    const acknowledged = [...stage.acknowledged];
    return auditState(await stage.state(), acknowledged);
  } catch (error) {
    return [(error as Error).message];
  }
}
