import { runFixture } from '@osx/test-support';

const fixture = new URL('./fixtures/call.ts', import.meta.url);

export interface Answer {
  code?: string;
  message?: string;
  path?: string;
  result?: unknown;
}

/** Makes calls in a process of its own, for what is process-wide, and returns what each came to. */
export async function inChild(calls: unknown[][], options: Parameters<typeof runFixture>[2] = {}): Promise<Answer[]> {
  const { stdout, stderr, code, signal } = await runFixture(fixture, [JSON.stringify(calls)], options);
  if (code !== 0) throw new Error(`the child ended with ${code ?? signal}\n${stdout}${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}
