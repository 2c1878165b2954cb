import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { FixtureProcess } from '@osx/test-support';

/** What the parent saw of a child, by wait(2). */
export interface ChildEnd {
  /** WTERMSIG of a child that was ended by a signal (WIFSIGNALED), or null. */
  readonly signal: number | null;
  /** WEXITSTATUS of a child that exited (WIFEXITED), or null. */
  readonly code: number | null;
  /** WSTOPSIG of each time that it was stopped (WIFSTOPPED); it was continued then. */
  readonly stops: readonly number[];
  readonly stdout: string;
  readonly stderr: string;
}

const program = `
import json, os, resource, subprocess, sys
how, commands = json.loads(sys.stdin.readline())
def before():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.setsid() if how == 'orphaned' else os.setpgrp()
def start(command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before)
def end(child):
    stops = []
    while True:
        _, status = os.waitpid(child.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status): break
        stops.append(os.WSTOPSIG(status))
        os.kill(child.pid, 18)
    return {
        'signal': os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        'code': os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        'stops': stops, 'stdout': child.stdout.read().decode(), 'stderr': child.stderr.read().decode(),
    }
print('ready', flush=True)
for first in range(0, len(commands), 3):
    children = [start(command) for command in commands[first:first + 3]]
    for child in children: print(json.dumps(end(child)), flush=True)
`;

const ends = fileURLToPath(new URL('fixtures/ends.ts', import.meta.url));

/**
 * Runs the fixture `ends` once per list of arguments as children of a Python program: Node shows a death by a real-time
 * signal as exit code 0. Each child leads a group of its own, which is `orphaned` on request.
 */
export async function underPython(
  runs: readonly (readonly string[])[],
  options: { how?: 'orphaned'; prefix?: readonly string[]; nodeArgs?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<ChildEnd[]> {
  const { how = 'grouped', prefix = [], nodeArgs = [], env } = options;
  const commands = runs.map((args) => [...prefix, process.execPath, ...nodeArgs, ends, ...args]);
  const child = spawn('python3', ['-c', program], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  await using parent = new FixtureProcess(child, 'python3');
  parent.send(JSON.stringify([how, commands]));
  const lines: string[] = [];
  for (const _ of ['ready', ...commands]) lines.push(await parent.nextLine({ timeoutMs: 60_000 }));
  return lines.slice(1).map((line) => JSON.parse(line) as ChildEnd);
}
