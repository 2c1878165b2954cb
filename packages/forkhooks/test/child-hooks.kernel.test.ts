import { exec, execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { SHARE_ENV, Worker } from 'node:worker_threads';

import { afterEach, describe, expect, test } from 'vitest';

import { addForkHook, removeForkHook } from '@osx/forkhooks';
import type { ForkedChild, ForkHook } from '@osx/forkhooks';
import { runFixture, temporaryDirectory } from '@osx/test-support';

const report = fileURLToPath(new URL('./fixtures/report.ts', import.meta.url));
const echoWorker = new URL('./fixtures/echo-worker.ts', import.meta.url);
const text = { encoding: 'utf8' } as const;

interface Report {
  readonly marks: unknown[];
  readonly nodeOptions: string | null;
  readonly execArgv: string[];
  readonly names: string[];
  readonly grandchild?: Report;
}

afterEach(() => {
  for (const key of ['mark', 'second', 'third']) removeForkHook(key);
});

/** Leaves in the child what it was told there. */
function mark(more: Partial<ForkHook> = {}): void {
  addForkHook({
    key: 'mark',
    afterForkInChild(child: ForkedChild) {
      const seen = globalThis as { marks?: unknown[] };
      seen.marks = [...(seen.marks ?? []), child];
    },
    ...more,
  });
}

const parent = { pid: process.pid, threadId: 0 };
const read = ({ stdout, stderr }: SpawnSyncReturns<string>): Report => {
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Report;
};
const runReport = (env: NodeJS.ProcessEnv = process.env, args: string[] = []): Report =>
  read(spawnSync(process.execPath, [report, ...args], { ...text, env }));

describe('runs before the code of', () => {
  test('spawn, with what beforeFork has returned', async () => {
    mark({ beforeFork: ({ kind }) => ({ kind, list: [1, 'ü'] }) });
    const child = spawn(process.execPath, [report], { stdio: ['ignore', 'pipe', 'inherit'] });
    const data = { kind: 'spawn', list: [1, 'ü'] };
    expect(await output(child)).toMatchObject({ marks: [{ key: 'mark', kind: 'spawn', data, parent }] });
  });

  test('spawnSync and execFileSync', () => {
    mark();
    expect(runReport().marks).toEqual([{ key: 'mark', kind: 'spawnSync', parent }]);
    const { marks } = JSON.parse(execFileSync(process.execPath, [report], text)) as Report;
    expect(marks).toEqual([{ key: 'mark', kind: 'execFileSync', parent }]);
  });

  test('fork', async () => {
    mark();
    const [message] = (await once(fork(report), 'message')) as [Report];
    expect(message.marks).toEqual([{ key: 'mark', kind: 'fork', parent }]);
  });

  test('Node programs behind a shell, each of them once', async () => {
    mark();
    const node = `'${process.execPath}' '${report}'`;
    const { stdout } = await promisify(exec)(`${node} && (true; ${node})`);
    const reports = stdout.trim().split('\n');
    expect(reports.map((line) => (JSON.parse(line) as Report).marks.length)).toEqual([1, 1]);
  });

  test('code given on the command line, modules and CommonJS alike', () => {
    mark();
    for (const type of ['module', 'commonjs']) {
      const args = [`--input-type=${type}`, '-e', 'console.log(globalThis.marks.length)'];
      expect(spawnSync(process.execPath, args, text)).toMatchObject({ stdout: '1\n', stderr: '' });
    }
  });

  test.each<[string, object]>([
    ['a Worker', {}],
    ['a Worker with an environment', { env: { A: '1' } }],
    ['a Worker that shares the environment', { env: SHARE_ENV }],
    ['a Worker with options', { execArgv: ['--conditions=x'] }],
  ])('%s', async (_what, options) => {
    mark({ beforeFork: () => 5 });
    const [seen] = (await once(new Worker(echoWorker, options), 'message')) as [Report & { env: object }];
    expect(seen.marks).toEqual([{ key: 'mark', kind: 'worker', data: 5, parent }]);
    expect(seen.execArgv).toEqual('execArgv' in options ? options.execArgv : process.execArgv);
    expect(Object.keys(seen.env).filter((name) => name === 'OSX_FORKHOOKS_CHILD')).toEqual([]);
  });

  test('a Worker made of a string, and of a data: URL', async () => {
    mark();
    const code = "process.getBuiltinModule('worker_threads').parentPort.postMessage(globalThis.marks.length)";
    expect(await once(new Worker(code, { eval: true }), 'message')).toEqual([1]);
    expect(await once(new Worker(new URL(`data:text/javascript,${code}`)), 'message')).toEqual([1]);
  });
});

describe('what may be given', () => {
  test('an arrow function, an async method, a function, a method of another name', () => {
    const bag = {
      'a name'(): void {
        const seen = globalThis as { marks?: unknown[] };
        seen.marks = [...(seen.marks ?? []), 'named'];
      },
    };
    mark({ afterForkInChild: (child) => void ((globalThis as { marks?: unknown[] }).marks = [child.key]) });
    addForkHook({
      key: 'second',
      async afterForkInChild() {
        const seen = globalThis as { marks?: unknown[] };
        seen.marks = [...(seen.marks ?? []), 'async'];
      },
    });
    addForkHook({ key: 'third', afterForkInChild: bag['a name'] });
    expect(runReport().marks).toEqual(['mark', 'async', 'named']);
  });

  test.each<[string, URL | string]>([
    ['URL', new URL('./fixtures/mark.ts', import.meta.url)],
    ['path', fileURLToPath(new URL('./fixtures/mark.ts', import.meta.url))],
  ])('a module by its %s', async (_how, afterForkInChild) => {
    mark({ afterForkInChild, beforeFork: () => [1] });
    expect(runReport().marks).toEqual(['module mark spawnSync [1]']);
    const [seen] = (await once(new Worker(echoWorker), 'message')) as [Report];
    expect(seen.marks).toEqual(['module mark worker [1]']);
  });

  test('a CommonJS module whose exports are the function', () => {
    using directory = temporaryDirectory('child-module');
    const file = join(directory.path, "it's a module.cjs");
    writeFileSync(file, 'module.exports = (child) => { globalThis.marks = [child.key]; };');
    mark({ afterForkInChild: file });
    expect(runReport().marks).toEqual(['mark']);
  });

  test('a symbol as key goes by its description', () => {
    using _hook = addForkHook({
      key: Symbol('secret'),
      afterForkInChild: ({ key }) => void ((globalThis as { marks?: unknown[] }).marks = [key]),
    });
    expect(runReport().marks).toEqual(['Symbol(secret)']);
  });

  test('import() and getBuiltinModule work in it', () => {
    mark({
      async afterForkInChild() {
        const { writeSync } = process.getBuiltinModule('node:fs');
        const { EOL } = await import('node:os');
        writeSync(1, `imported${EOL}`);
      },
    });
    expect(spawnSync(process.execPath, ['-e', '0'], text)).toMatchObject({ stdout: 'imported\n', stderr: '' });
  });

  test.each<[string, unknown]>([
    ['a BigInt', 1n],
    ['a circle', circle()],
  ])('data that JSON cannot say (%s) is refused, and there is no child', (_what, data) => {
    const unwound: boolean[] = [];
    mark({ beforeFork: () => data, afterForkInParent: (_event, outcome) => void unwound.push(outcome.unwound) });
    const wish = expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(() => spawn('true')).toThrow(wish);
    expect(() => new Worker('1', { eval: true })).toThrow(wish);
    expect(unwound).toEqual([true, true]);
  });

  test('more than the environment holds is refused by us, not by E2BIG; a Worker takes it', async () => {
    mark({ beforeFork: () => 'x'.repeat(200_000) });
    expect(() => spawnSync('true')).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    const [seen] = (await once(new Worker(echoWorker), 'message')) as [Report];
    expect((seen.marks as { data: string }[])[0]?.data).toHaveLength(200_000);
  });
});

describe('what the child finds is what it would find without hooks', () => {
  const without = (env: NodeJS.ProcessEnv): Report => runReport(env);
  test.each<[string, NodeJS.ProcessEnv]>([
    ['the environment of this process', process.env],
    ['env: {}', {}],
    ['empty NODE_OPTIONS', { NODE_OPTIONS: '' }],
    ['NODE_OPTIONS', { NODE_OPTIONS: '--no-deprecation --conditions=abc' }],
    ['NODE_OPTIONS with a quoted path', { NODE_OPTIONS: '--require "node:os" --title="a \\"b\\" c"' }],
  ])('%s', (_what, env) => {
    const wish = without(env);
    mark();
    const seen = runReport(env);
    expect(seen.marks).toHaveLength(1);
    expect(seen.nodeOptions).toBe(wish.nodeOptions);
    expect(seen.execArgv).toEqual(wish.execArgv);
    expect(seen.names).toEqual(['OSX_FORKHOOKS_ROOT']);
  });

  test('NODE_OPTIONS of ours goes first, so that hooks run before modules required there', () => {
    using directory = temporaryDirectory('first');
    const file = join(directory.path, 'required.cjs');
    writeFileSync(file, 'globalThis.marks = [...globalThis.marks, "required"];');
    mark();
    expect(runReport({ NODE_OPTIONS: `--require ${file}` }).marks).toEqual([expect.anything(), 'required']);
  });

  test("a shell's own NODE_OPTIONS in between stay", () => {
    mark();
    const run = (options: string): Report =>
      read(spawnSync('sh', ['-c', `NODE_OPTIONS="${options}" '${process.execPath}' '${report}'`], text));
    expect(run('$NODE_OPTIONS --conditions=abc')).toMatchObject({ nodeOptions: '--conditions=abc' });
    const replaced = run('--conditions=abc');
    expect([replaced.marks, replaced.nodeOptions]).toEqual([[], '--conditions=abc']);
  });

  test.each<[string, string]>([
    [
      'what another process has left there',
      JSON.stringify({ maker: 'x/1/1/1/0', calls: [{ key: 'old', source: '(() => { throw 1; })' }] }),
    ],
    ['garbage', '{'],
    ['null', 'null'],
    ['a number', '5\n{}'],
  ])('OSX_FORKHOOKS_CHILD in the environment: %s is replaced', (_what, stale) => {
    mark();
    const seen = runReport({ OSX_FORKHOOKS_CHILD: stale });
    expect(seen).toMatchObject({ marks: [{ key: 'mark' }], names: ['OSX_FORKHOOKS_ROOT'] });
  });

  test.each(['{', 'null', '5', '{"maker":"x","calls":[]}'])('the preload by hand takes no harm from %s', (stale) => {
    const args = ['--import', '@osx/forkhooks/register', report];
    const env = { OSX_FORKHOOKS_CHILD: stale };
    const seen = read(spawnSync(process.execPath, args, { ...text, env, cwd: import.meta.dirname }));
    expect([seen.marks, seen.names]).toEqual([[], ['OSX_FORKHOOKS_ROOT']]);
  });

  test('its own children are its own affair', () => {
    mark();
    const { marks, grandchild } = runReport(process.env, ['--grandchild']);
    expect(marks).toHaveLength(1);
    expect(grandchild).toMatchObject({ marks: [], nodeOptions: process.env['NODE_OPTIONS'] ?? null });
  });

  test("a Worker's Workers are its own affair", async () => {
    mark();
    const [, nested] = (
      await once(new Worker(new URL('./fixtures/nesting-worker.ts', import.meta.url)), 'message')
    )[0] as [unknown, Report];
    expect([nested.marks, nested.execArgv]).toEqual([[], process.execArgv]);
  });

  test('no hook with afterForkInChild: no preload', () => {
    addForkHook({ key: 'mark', beforeFork: () => {} });
    const { stdout } = spawnSync('/usr/bin/env', { ...text, env: {} });
    expect(stdout).not.toMatch(/NODE_OPTIONS|OSX_FORKHOOKS_CHILD/);
  });

  test('a Worker keeps the options of the command line, also those that Workers refuse', async () => {
    const nodeArgs = [
      '--expose-gc',
      '--max-old-space-size=500',
      '--title',
      'spaced',
      '--conditions=abc',
      '--no-deprecation',
    ];
    const fixture = new URL('./fixtures/worker-options.ts', import.meta.url);
    const { stdout, stderr } = await runFixture(fixture, [], { nodeArgs });
    expect(stderr).toBe('');
    const line = JSON.stringify({ marked: true, execArgv: nodeArgs, noDeprecation: true });
    const amendedAlone = JSON.stringify({ execArgv: nodeArgs.slice(-2), noDeprecation: true });
    expect(stdout).toBe(`${line}\n${line}\n${amendedAlone}\n`);
  });

  test('a Worker whose options Node refuses is refused as without hooks', () => {
    mark();
    expect(() => new Worker('1', { eval: true, execArgv: ['--expose-gc'] })).toThrow(
      expect.objectContaining({
        code: 'ERR_WORKER_INVALID_EXEC_ARGV',
        message: expect.stringMatching(/: --expose-gc$/) as string,
      }),
    );
  });
});

describe('what throws in the child', () => {
  test('ends it before its program; the others have run', async () => {
    const { stdout, stderr, code } = await runFixture(new URL('./fixtures/throwing-child.ts', import.meta.url));
    expect(stdout).toBe('third ran\nchild: 1 true\nthird ran\nWorker: several fork hooks have failed in this child\n');
    expect([stderr, code]).toEqual(['', 0]);
  });
});

/** The package, once more, in a directory whose name is nothing to put into an option as it is. */
function copyPackage(directory: string): string {
  const packageDirectory = fileURLToPath(new URL('..', import.meta.url));
  const copy = join(directory, `we"ird' dir %20 #?`, 'forkhooks');
  mkdirSync(copy, { recursive: true });
  for (const name of ['package.json', 'src'])
    cpSync(join(packageDirectory, name), join(copy, name), { recursive: true });
  symlinkSync(join(packageDirectory, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

test('the package in a directory with spaces and quotes', () => {
  using directory = temporaryDirectory('odd');
  const program = join(copyPackage(directory.path), 'program.ts');
  writeFileSync(
    program,
    `import { spawnSync } from 'node:child_process';
    import { Worker } from 'node:worker_threads';
    import { addForkHook } from './src/index.ts';
    const hook = addForkHook({ key: 'a', afterForkInChild: () => { globalThis.marked = true; } });
    spawnSync(process.execPath, ['-e', 'console.log(globalThis.marked)'], { stdio: 'inherit' });
    new Worker('console.log(globalThis.marked)', { eval: true }).on('exit', () => hook.close());`,
  );
  expect(spawnSync(process.execPath, [program], text)).toMatchObject({ stdout: 'true\ntrue\n', stderr: '', status: 0 });
});

test('two copies of the package in one process: the child gets the hooks of both', async () => {
  using directory = temporaryDirectory('copies');
  const copy = pathToFileURL(join(copyPackage(directory.path), 'src', 'index.ts')).href;
  const other = (await import(copy)) as typeof import('@osx/forkhooks');
  expect(other.addForkHook).not.toBe(addForkHook);
  mark();
  const hook = other.addForkHook({
    key: 'mark',
    beforeFork: ({ kind }) => `${kind} of the copy`,
    afterForkInChild({ data }) {
      const seen = globalThis as { marks?: unknown[] };
      seen.marks = [...(seen.marks ?? []), data];
    },
  });
  try {
    const seen = runReport({ NODE_OPTIONS: '--conditions=abc' });
    expect(seen.marks).toEqual(['spawnSync of the copy', { key: 'mark', kind: 'spawnSync', parent }]);
    expect([seen.nodeOptions, seen.names]).toEqual(['--conditions=abc', ['OSX_FORKHOOKS_ROOT']]);
    const [worker] = (await once(new Worker(echoWorker), 'message')) as [Report];
    expect(worker.marks).toEqual(['worker of the copy', { key: 'mark', kind: 'worker', parent }]);
    expect(worker.execArgv).toEqual(process.execArgv);
  } finally {
    hook.close();
  }
  expect(runReport().marks).toHaveLength(1);
});

function circle(): object {
  const object: { self?: object } = {};
  object.self = object;
  return object;
}

async function output(child: ChildProcess): Promise<unknown> {
  let all = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (all += chunk));
  await once(child, 'close');
  return JSON.parse(all);
}
