import { afterAll, afterEach } from 'vitest';

/**
 * Setup file for vitest: a warning of Node (experimental feature, too many listeners, a descriptor closed by the garbage
 * collector ...) fails the test that was running, here or in a fixture it started.
 */
const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));

async function failOnWarnings(): Promise<void> {
  // Node emits a warning on the tick after its cause.
  await new Promise((resolve) => setImmediate(resolve));
  const [first, ...others] = warnings.splice(0);
  if (first === undefined) return;
  const more = others.map((warning) => `\n${warning.name}: ${warning.message}`).join('');
  throw new Error(`Node warned: ${first.name}: ${first.message}${more}`, { cause: first });
}

afterEach(failOnWarnings);
afterAll(failOnWarnings);
