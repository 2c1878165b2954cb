import { statSync } from 'node:fs';

import { NativeTarget } from './native-target.ts';
import { StderrTarget } from './stderr-target.ts';
import { SyslogTarget } from './syslog-target.ts';
import type { Target } from './target.ts';

/** Where entries may go. */
export interface TargetChoice {
  readonly socketPath: string | Buffer;
  /** What takes them when there is no such socket; `undefined`: nobody. */
  readonly fallback: { readonly syslogPath: string | Buffer } | undefined;
}

/** How often somebody who fell back looks for the journal. */
export const LOOK_AGAIN_MS = 1_000;

/**
 * The one who takes entries now. The rule: the journal, if its socket is there; else a syslog daemon, if its socket is
 * there; else standard error. Asked first, when the present one has gone, and every second while it is not the journal.
 */
export class TargetSelection {
  readonly #choice: TargetChoice;
  #target: Target | undefined;
  #chosenAt = 0;

  constructor(choice: TargetChoice) {
    this.#choice = choice;
  }

  /** @throws what opening a socket throws. */
  current(): Target {
    const target = this.#target;
    if (target === undefined) return this.#choose();
    if (target.kind === 'native' || performance.now() - this.#chosenAt < LOOK_AGAIN_MS) return target;
    this.#chosenAt = performance.now();
    return this.#bestKind() === target.kind ? target : this.#choose();
  }

  /** After a failure: whether there is another one now. */
  chooseAgain(): boolean {
    const before = this.#target?.kind;
    if (this.#choice.fallback === undefined || this.#bestKind() === before) return false;
    this.#choose();
    return true;
  }

  close(): void {
    this.#target?.close();
    this.#target = undefined;
  }

  #choose(): Target {
    this.close();
    this.#chosenAt = performance.now();
    this.#target = this.#open(this.#bestKind());
    return this.#target;
  }

  #open(kind: Target['kind']): Target {
    const { socketPath, fallback } = this.#choice;
    if (kind === 'native' || fallback === undefined) return new NativeTarget(socketPath);
    return kind === 'syslog' ? new SyslogTarget(fallback.syslogPath) : new StderrTarget();
  }

  #bestKind(): Target['kind'] {
    const { socketPath, fallback } = this.#choice;
    if (fallback === undefined || isSocket(socketPath)) return 'native';
    return isSocket(fallback.syslogPath) ? 'syslog' : 'stderr';
  }
}

function isSocket(path: string | Buffer): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    return false;
  }
}
