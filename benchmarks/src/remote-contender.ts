import { LineProcess } from './line-process.ts';
import type { Contender } from './measure.ts';

/** Times what a process of its own does: it reads `run ITERATIONS` and says `took NS`, so that nobody is in its way. */
export async function remoteContender(
  processes: AsyncDisposableStack,
  name: string,
  args: readonly string[],
): Promise<Contender> {
  const child = await LineProcess.start(process.execPath, args);
  processes.use(child);
  return {
    name,
    async run(iterations) {
      child.send(`run ${iterations}`);
      return Number(await child.expect('took'));
    },
  };
}
