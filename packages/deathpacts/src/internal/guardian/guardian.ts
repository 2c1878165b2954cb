// The guardian: watches a process by pidfd, and when that is dead ends the children that it was told of. Argument: the pid of its
// parent, which is the process. Descriptor 3 is the channel; see messages.ts.
//
// It ends when the parent is dead and so is everything it guarded, and when the channel has ended and nothing is left to guard.
import { isSystemError } from '@osx/errors';

import { needRoom } from '../../select-backend.ts';
import { Lines, type GuardianReport, type WatchRequest } from './messages.ts';
import { GuardedWard } from './guarded-ward.ts';

const CHANNEL = 3;
/** The channel ends with the parent, unless somebody has a copy of its end. */
const LAST_WORDS_MS = 100;
/** What ends a program that was asked to. It is meant for the parent, and the guardian is needed when the parent obeys. */
const NOT_FOR_US = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGUSR1', 'SIGUSR2'] as const;

async function main(parentPid: number): Promise<void> {
  for (const signal of NOT_FOR_US) process.on(signal, () => {});
  process.title = `deathpact-guardian of ${parentPid}`;
  const parent = pinParent(parentPid);
  // Nothing can have been asked for yet.
  if (parent === undefined) return;
  const wards = new Set<GuardedWard>();
  const { Socket } = process.getBuiltinModule('node:net');
  const channel = new Socket({ fd: CHANNEL });
  const say = (report: GuardianReport): void => void channel.write(`${JSON.stringify(report)}\n`);
  const done = Promise.withResolvers<void>();
  let isOpen = true;
  const lines = new Lines();
  channel.on('error', () => {});
  channel.on('data', (chunk) => {
    for (const { watch, ward } of lines.take<WatchRequest>(chunk)) void guard(watch, ward);
  });
  channel.once('close', () => {
    isOpen = false;
    if (wards.size === 0) done.resolve();
  });

  async function guard(number: number, ward: WatchRequest['ward']): Promise<void> {
    let guarded: GuardedWard;
    try {
      guarded = new GuardedWard(ward, parentPid);
    } catch (error) {
      // EMFILE, ENFILE, ENOMEM: whoever asked must know, and the others be guarded all the same.
      if (!isSystemError(error)) throw error;
      return say({ failed: number, code: error.code });
    }
    wards.add(guarded);
    say({ watching: number });
    if (wards.size === 1) guarded.warmUp();
    await guarded.gone;
    wards.delete(guarded);
    say({ gone: number });
    if (!isOpen && wards.size === 0) done.resolve();
  }

  await Promise.race([parent.exited, done.promise]);
  if (!parent.isAlive()) {
    // From now on nobody would start another guardian.
    process.on('unhandledRejection', () => {});
    // What the parent wrote last may still be on its way.
    await ended(channel);
    await Promise.allSettled([...wards].map((ward) => ward.end()));
  }
  process.exit();
}

function pinParent(parentPid: number): ReturnType<typeof openParent> {
  const pidfd = openParent(parentPid);
  // Its pid could be another's only if it were dead, and then it were not our parent.
  return process.ppid === parentPid ? pidfd : undefined;
}

function openParent(pid: number) {
  try {
    return needRoom('pidfd', 'the guardian of death pacts').openPidfd(pid);
  } catch (error) {
    if (isSystemError(error, 'ESRCH')) return undefined;
    throw error;
  }
}

async function ended(channel: import('node:net').Socket): Promise<void> {
  if (channel.closed) return;
  const { setTimeout: sleep } = process.getBuiltinModule('node:timers/promises');
  await Promise.race([new Promise((resolve) => channel.once('close', resolve)), sleep(LAST_WORDS_MS)]);
}

void main(Number(process.argv[2]));
