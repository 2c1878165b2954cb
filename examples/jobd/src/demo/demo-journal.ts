import { accessSync, constants, statSync } from 'node:fs';

import { JournalReader, type JournalReaderOptions } from '@osx/journald';
import { startJournald } from '@osx/test-support';

const JOURNALD = '/lib/systemd/systemd-journald';
const MACHINES_SOCKET = '/run/systemd/journal/socket';

/** A journal that the demo's daemons tell what they do, and that can be read back. */
export interface DemoJournal extends AsyncDisposable {
  readonly description: string;
  readonly socketPath: string;
  /** Has all that was sent so far stored. */
  sync(): Promise<void>;
  openReader(): JournalReader;
}

/** One that is started for the demo, where that is possible; else this machine's; else why there is none. */
export async function openDemoJournal(): Promise<DemoJournal | string> {
  if (process.getuid?.() === 0 && canRun(JOURNALD)) return await startedJournal();
  if (statSync(MACHINES_SOCKET, { throwIfNoEntry: false })?.isSocket() !== true) {
    return `no journal is at ${MACHINES_SOCKET}, and only root, with systemd-journald installed, can start one`;
  }
  return machinesJournal();
}

async function startedJournal(): Promise<DemoJournal> {
  const journald = await startJournald();
  return {
    description: 'a journald of its own',
    socketPath: journald.socketPath,
    sync: () => journald.sync(),
    openReader: () => JournalReader.open({ namespace: journald.namespace }),
    [Symbol.asyncDispose]: () => journald[Symbol.asyncDispose](),
  };
}

function machinesJournal(): DemoJournal | string {
  const options: JournalReaderOptions = {};
  try {
    using reader = JournalReader.open(options);
    const [unreadable] = reader.unreadablePaths;
    if (unreadable !== undefined) return `this user may not read ${String(unreadable)}`;
  } catch (error) {
    return (error as Error).message;
  }
  return {
    description: "this machine's journald",
    socketPath: MACHINES_SOCKET,
    sync: async () => {},
    openReader: () => JournalReader.open(options),
    [Symbol.asyncDispose]: async () => {},
  };
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
