/** A jobd with one mistake, and what the demo says of it. */
export interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly found: RegExp;
}

export const mutants: Record<string, Mutant> = {
  'acknowledges before the job is durable': {
    file: 'job-queue.ts',
    from: '    await this.#file.save();\n  }\n\n  /**\n   * Works until',
    to: '    void this.#file.save();\n  }\n\n  /**\n   * Works until',
    found: /acknowledged jobs are lost/,
  },
  'starts with an empty queue': {
    file: 'state-file.ts',
    from: 'return new StateFile(path, await readState(path));',
    to: 'return new StateFile(path, { queue: [], done: (await readState(path)).done });',
    found: /acknowledged jobs are lost/,
  },
  'forgets what was done': {
    file: 'state-file.ts',
    from: 'return new StateFile(path, await readState(path));',
    to: 'const { queue, done } = await readState(path);\n    return new StateFile(path, { queue: [...done, ...queue], done: [] });',
    found: /recorded jobs were run again/,
  },
  'writes its state with writeFile': {
    file: 'state-file.ts',
    from: "import { writeFileAtomic } from '@osx/atomics';",
    to: "import { writeFile as writeFileAtomic } from 'node:fs/promises';",
    found: /is no state of jobd/,
  },
  'records a result, and takes the job off the queue in another write': {
    file: 'job-queue.ts',
    from: '    this.#state.queue.shift();\n    this.#state.done.push(result);\n    await this.#file.save();\n',
    to: '    this.#state.done.push(result);\n    await this.#file.save();\n    this.#state.queue.shift();\n    await this.#file.save();\n',
    found: /in the state twice/,
  },
  'takes the job off the queue before it is done': {
    file: 'job-queue.ts',
    from: '    const result = await run(job, this.#configuration());\n',
    to: '    this.#state.queue.shift();\n    await this.#file.save();\n    const result = await run(job, this.#configuration());\n    this.#state.queue.unshift(job);\n',
    found: /acknowledged jobs are lost/,
  },
  'queues again what a client sends again': {
    file: 'job-queue.ts',
    from: '    if (known === undefined) {\n',
    to: '    if (true) {\n',
    found: /in the state twice/,
  },
  'does not look at the pidfile': {
    file: 'jobd.ts',
    from: 'return fail(3, error.message);',
    to: 'return { close() {} } as unknown as Pidfile;',
    found: /two run at once/,
  },
  'is not told who runs': {
    file: 'jobd.ts',
    from: 'return fail(3, error.message);',
    to: "return fail(3, 'already running');",
    found: /it does not name \d+/,
  },
  'forgets its queue when it reads its configuration': {
    file: 'job-queue.ts',
    from: '    const result = await run(job, this.#configuration());\n',
    to: "    const result = await run(job, this.#configuration());\n    if (result.label === 'brisk') this.#state.queue.splice(1);\n",
    found: /acknowledged jobs are lost/,
  },
  'goes on taking jobs after SIGTERM': {
    file: 'jobd.ts',
    from: '[server.stop(), queue.stop()]',
    to: '[queue.stop()]',
    found: /a job was taken during the shutdown/,
  },
  'does not finish the running job': {
    file: 'jobd.ts',
    from: '[server.stop(), queue.stop()]',
    to: '[server.stop()]',
    found: /was running, and is not recorded/,
  },
  'works the whole queue before it ends': {
    file: 'job-queue.ts',
    from: 'while (!this.#stopped) {',
    to: 'while (!this.#stopped || this.#state.queue.length > 0) {',
    found: /jobs were begun after SIGTERM/,
  },
  'leaves its pidfile': {
    file: 'jobd.ts',
    from: "    { name: 'remove the pidfile', run: () => pidfile.close() },\n",
    to: '',
    found: /the pidfile is still there/,
  },
  'exits with code 143': {
    file: 'jobd.ts',
    from: 'run: () => pidfile.close() }',
    to: 'run: () => { pidfile.close(); process.exit(143); } }',
    found: /its parent sees code 143 and signal null/,
  },
  'exits with code 0': {
    file: 'jobd.ts',
    from: 'run: () => pidfile.close() }',
    to: 'run: () => { pidfile.close(); process.exit(0); } }',
    found: /its parent sees code 0 and signal null/,
  },
  'does not hear the second SIGTERM': {
    file: 'jobd.ts',
    from: '  deadlineMs: 10_000,\n',
    to: '  deadlineMs: 10_000,\n  onSecondSignal: () => {},\n',
    found: /it ended at its deadline/,
  },
  'has workers without a pact': {
    file: 'worker-pool.ts',
    from: 'spawnWithDeathpact(process.execPath, [PROGRAM], {',
    to: "spawnWithDeathpact(process.execPath, [PROGRAM], {\n    pact: 'none',",
    found: /worker \d+ outlived the daemon/,
  },
};
