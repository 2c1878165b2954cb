import type { Command } from './command.ts';
import { exec } from './exec.ts';
import { kill } from './kill.ts';
import { lock } from './lock.ts';
import { pin } from './pin.ts';
import { readUnverified } from './read-unverified.ts';
import { read } from './read.ts';
import { status } from './status.ts';

/** The subcommands, in the order of the help. */
export const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({ read, 'read-unverified': readUnverified, status, lock, pin, kill, exec }),
);
