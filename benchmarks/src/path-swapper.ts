/** Exchanges two paths for ever: `node path-swapper.ts A B`. Says `ready` when it begins. */
import { renameat2 } from '@osx/linux/renameat2';

const [a = '', b = ''] = process.argv.slice(2);
console.log('ready');
for (;;) renameat2(a, b, { exchange: true });
