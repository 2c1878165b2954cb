// A daemon that works jobs, one at a time, and loses none that it acknowledged.
//
//   jobd.ts DIRECTORY
//
// The directory holds jobd.pid, jobd.sock (see server.ts), state.json, and jobd.json, the configuration, if there is one.
//
// It says what it does on its standard output, and to the journal whose socket is in JOBD_JOURNAL (see journal.ts).
//
//   SIGHUP           reads the configuration again; a wrong one is reported, and the old one stays
//   SIGTERM, SIGINT  takes no more jobs, finishes the one that is running, removes the pidfile, and ends by that signal;
//                    a second one ends it at once, and so do 10 seconds
//   exit code 1      something failed that should not: the state could not be read or written
//   exit code 2      called wrongly, or the configuration is wrong
//   exit code 3      another jobd runs in this directory
import { join, resolve } from 'node:path';

import { sweepTemporaries } from '@osx/atomics';
import { acquirePidfile, isPidfileHeldError, type Pidfile } from '@osx/pidfiles';
import { gracefulShutdown, onSignal } from '@osx/signals';

import { readConfiguration, type Configuration } from './configuration.ts';
import { JobQueue } from './job-queue.ts';
import { tellJournal } from './journal.ts';
import { listen } from './server.ts';
import { StateFile } from './state-file.ts';
import { WorkerPool } from './worker-pool.ts';

const journal = tellJournal();
const [directoryName] = process.argv.slice(2);
if (directoryName === undefined) fail(2, 'usage: jobd.ts DIRECTORY');
const directory = resolve(directoryName);

let configuration = firstConfiguration();

// Before the pidfile says where we are: whoever reads it may send this at once.
onSignal('SIGHUP', () => {
  try {
    configuration = readConfiguration(join(directory, 'jobd.json'));
    console.log(`configured ${configuration.label}`);
  } catch (error) {
    console.error(`jobd: still configured as ${configuration.label}: ${(error as Error).message}`);
  }
});

const pidfile = await becomeTheOne();
// From here to the end of the process, nobody else is at the files of this directory.

// What a killed one was writing; on other systems the dead cannot be told from the living.
if (process.platform === 'linux') await sweepTemporaries(directory);
// They end with this process: there is nothing to do about them at its end, and nothing could be done at a kill.
const pool = configuration.workers === undefined ? undefined : await WorkerPool.start(configuration.workers);
const queue = new JobQueue(await StateFile.open(join(directory, 'state.json')), () => configuration, pool?.run);
const server = await listen(join(directory, 'jobd.sock'), (job) => queue.accept(job));

gracefulShutdown({
  signals: ['SIGTERM', 'SIGINT'],
  deadlineMs: 10_000,
  cleanup: [
    {
      name: 'finish what was begun',
      run: async ({ signal }) => {
        console.log(`stopping ${signal}`);
        await Promise.all([server.stop(), queue.stop()]);
      },
    },
    { name: 'remove the pidfile', run: () => pidfile.close() },
    { name: 'tell the journal the rest', run: () => journal?.[Symbol.asyncDispose]() },
  ],
});

console.log('ready');
await queue.work();

function firstConfiguration(): Configuration {
  try {
    return readConfiguration(join(directory, 'jobd.json'));
  } catch (error) {
    return fail(2, (error as Error).message);
  }
}

async function becomeTheOne(): Promise<Pidfile> {
  try {
    return await acquirePidfile(join(directory, 'jobd.pid'));
  } catch (error) {
    if (!isPidfileHeldError(error)) throw error;
    return fail(3, error.message);
  }
}

function fail(exitCode: number, message: string): never {
  console.error(`jobd: ${message}`);
  process.exit(exitCode);
}
