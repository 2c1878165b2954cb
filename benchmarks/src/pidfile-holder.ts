/**
 * A daemon with a pidfile: `node pidfile-holder.ts HOLDER PATH`. Says `ready` and stays until it is killed, or says
 * `refused MESSAGE` and ends.
 */
import { pidfileHolders } from './peers/pidfile-holders.ts';

const [name = '', path = ''] = process.argv.slice(2);
const prepare = pidfileHolders[name];
if (prepare === undefined) throw new Error(`no holder is called '${name}'`);
const { acquire } = await prepare();
try {
  await acquire(path);
  console.log('ready');
  process.stdin.resume();
} catch (error) {
  console.log(`refused ${error instanceof Error ? error.message : String(error)}`);
}
