import { PRIORITIES, type JournalEntry } from '@osx/journald';

import type { DemoJournal } from './demo-journal.ts';
import type { Stage } from './stage.ts';
import type { Timeline } from './timeline.ts';

const SHOWN = 5;
const LIMIT_MS = 20_000;

/** What the daemons told the journal is read from it again. */
export async function playReadBack(
  stage: Stage,
  timeline: Timeline,
  journal: DemoJournal | string,
  since: Date,
): Promise<void> {
  timeline.chapter('The journal');
  if (typeof journal === 'string') {
    timeline.remark(`not shown: ${journal}`);
    return;
  }
  const shown: string[] = [];
  await timeline.step('the journal has what the last daemon said, word for word', async (check) => {
    const { pid, lines } = stage.jobd;
    await journal.sync();
    const entries = await entriesOf(journal, pid, since, lines.length);
    const messages = entries.map(({ message }) => message);
    check(messages.length === lines.length, `it has ${messages.length} entries of ${pid}, which said ${lines.length}`);
    const wrong = lines.findIndex((line, index) => messages[index] !== line);
    check(wrong === -1, `"${lines[wrong]}" is in it as "${messages[wrong]}"`);
    shown.push(...entries.slice(-SHOWN).map(shownAs));
    return `${journal.description} has all ${entries.length} lines of the last daemon, in order; the last of them:`;
  });
  for (const line of shown) timeline.remark(line);
}

/** The first `count` entries of a process; fewer, when no more come. */
async function entriesOf(journal: DemoJournal, pid: number, since: Date, count: number): Promise<JournalEntry[]> {
  using reader = journal.openReader();
  reader.addMatch('_PID', pid).addMatch('SYSLOG_IDENTIFIER', 'jobd');
  await reader.seekTime(since);
  const entries: JournalEntry[] = [];
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    for await (const entry of reader.follow({ signal: limit })) {
      entries.push(entry);
      if (entries.length >= count) break;
    }
  } catch (error) {
    if (!limit.aborted) throw error;
  }
  return entries;
}

function shownAs(entry: JournalEntry): string {
  const priority = PRIORITIES[entry.priority ?? 7] ?? 'debug';
  const place = `${entry.get('CODE_FILE')?.split('/').at(-1)}:${entry.get('CODE_LINE')}`;
  return `${entry.timestamp.toISOString()}  ${priority}  jobd[${entry.get('_PID')}]  ${entry.message}  (${place})`;
}
