import { fileURLToPath } from 'node:url';

import type { Worker, WorkerOptions } from 'node:worker_threads';

import type { ForkEvent } from '../fork-hook.ts';
import { type ChildPayload, PAYLOAD_KEY } from './child-payload.ts';
import type { ForkRound } from './hook-registry.ts';
import { makePayload } from './make-payload.ts';
import { preloadFile } from './preload-file.ts';
import { withInheritedExecArgv } from './inherited-exec-argv.ts';

type Environment = Record<string, string | undefined>;

/** The arguments of one `new Worker`, as hooks see and amend them. */
export class WorkerStart {
  readonly event: ForkEvent;
  #file: string | URL;
  #options: WorkerOptions;
  readonly #command: string;
  readonly #environment: Environment;
  #payload: ChildPayload | undefined;
  #mustInherit = false;

  constructor(file: string | URL, options: WorkerOptions) {
    const { SHARE_ENV } = process.getBuiltinModule('node:worker_threads');
    const { env, argv, ...others } = options;
    this.#file = file;
    this.#options = options;
    this.#command = isUrl(file) && file.protocol === 'file:' ? fileURLToPath(file) : String(file);
    const environment = { ...((typeof env === 'object' && env !== null ? env : process.env) as Environment) };
    this.#environment = { ...environment };
    this.event = {
      kind: 'worker',
      command: this.#command,
      args: Array.isArray(argv) ? argv.map(String) : [],
      env: env === SHARE_ENV ? Object.freeze(environment) : environment,
      options: { ...others },
    };
  }

  /** Takes over what the hooks have made of the event, and makes ready what the Worker is to do for them. */
  prepare(round: ForkRound): void {
    const { command, args, env, options } = this.event;
    if (command !== this.#command) this.#file = /^(?:file|data):/.test(command) ? new URL(command) : command;
    const isEnvironmentAmended = !isSame(env, this.#environment);
    const given = this.#options;
    this.#options = { ...options, argv: args };
    if (isEnvironmentAmended) this.#options.env = env;
    else if (given.env !== undefined) this.#options.env = given.env;
    this.#payload = makePayload(round);
    const { execArgv } = this.#options;
    // Node takes the options of the command line over only when it is given neither an environment nor options.
    const isOwnEnvironment = typeof given.env === 'object' && given.env !== null;
    this.#mustInherit =
      !isOwnEnvironment && execArgv === undefined && (isEnvironmentAmended || this.#payload !== undefined);
    if (this.#payload === undefined) return;
    this.#payload = { ...this.#payload, execArgv: execArgv ?? process.execArgv };
    this.#options.execArgv = ['--require', preloadFile(), ...(execArgv ?? [])];
  }

  /** Makes the Worker, with its payload where it will look for it. */
  run(construct: (file: string | URL, options: WorkerOptions) => Worker): Worker {
    const { getEnvironmentData, setEnvironmentData } = process.getBuiltinModule('node:worker_threads');
    const start = (): Worker =>
      this.#mustInherit
        ? withInheritedExecArgv((inherited) =>
            construct(this.#file, { ...this.#options, execArgv: [...(this.#options.execArgv ?? []), ...inherited] }),
          )
        : construct(this.#file, this.#options);
    if (this.#payload === undefined) return start();
    // Another copy of this package may be doing the same for the same Worker.
    const others = getEnvironmentData(PAYLOAD_KEY) as unknown as string[] | undefined;
    setEnvironmentData(PAYLOAD_KEY, [...(others ?? []), JSON.stringify(this.#payload)]);
    try {
      return start();
    } finally {
      setEnvironmentData(PAYLOAD_KEY, others);
    }
  }
}

function isUrl(file: unknown): file is URL {
  return file instanceof URL;
}

function isSame(one: Environment, other: Environment): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
