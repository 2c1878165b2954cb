// Sends one job, and ends when the daemon has it: exit code 0; 1 when it was refused, or nothing is known.
// Usage: submit.ts DIRECTORY ID TEXT
import { join } from 'node:path';

import { JobClient } from './client.ts';

const [directory, id, text] = process.argv.slice(2);

if (directory === undefined || id === undefined || text === undefined) {
  console.error('usage: submit.ts DIRECTORY ID TEXT');
  process.exitCode = 2;
} else {
  try {
    using client = await JobClient.connect(join(directory, 'jobd.sock'));
    await client.submit({ id, text });
    console.log(`accepted ${id}`);
  } catch (error) {
    console.error(`submit: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
