import { runFixture } from '@osx/test-support';

const fixture = new URL('./fixtures/call.ts', import.meta.url);

interface InChild {
  cwd?: string;
  calls: unknown[][];
}

export interface Answer {
  code?: string;
  message?: string;
  result?: unknown;
}

/** Makes calls of the package in a child and returns what each came to. */
export async function inChild(request: InChild, options: Parameters<typeof runFixture>[2] = {}): Promise<Answer[]> {
  const { stdout, stderr, code } = await runFixture(fixture, [JSON.stringify(request)], options);
  if (code !== 0) throw new Error(`the child ended with ${code}\n${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}
