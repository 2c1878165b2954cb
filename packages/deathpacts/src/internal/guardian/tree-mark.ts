/** What every process of a guarded tree has in its environment, and hands on: a list of marks, for trees stand in trees. */
export const TREE_VARIABLE = 'OSX_DEATHPACT_TREE';

/** The mark of a new tree: itself, and what stands in the environment of those who carry it. */
export function treeMark(): { readonly id: string; readonly value: string } {
  const id = process.getBuiltinModule('node:crypto').randomUUID();
  const outer = process.env[TREE_VARIABLE];
  return { id, value: outer === undefined || outer === '' ? id : `${outer},${id}` };
}

/** Whether an environment, as /proc/PID/environ has it, carries the mark. */
export function carriesMark(environ: Buffer, id: string): boolean {
  const start = entryStart(environ);
  if (start === -1) return false;
  const end = environ.indexOf(0, start);
  return environ.toString('latin1', start, end === -1 ? environ.length : end).includes(id);
}

function entryStart(environ: Buffer): number {
  const entry = `${TREE_VARIABLE}=`;
  if (environ.toString('latin1', 0, entry.length) === entry) return 0;
  const index = environ.indexOf(`\0${entry}`, 0, 'latin1');
  return index === -1 ? -1 : index + 1;
}
