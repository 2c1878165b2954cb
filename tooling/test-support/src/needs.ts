import { describe, test } from 'vitest';
import type { SuiteAPI, TestAPI } from 'vitest';
import { capabilities, whyMissing } from './capabilities.ts';
import type { Capability } from './capabilities.ts';

/**
 * `test` and `describe` for what only works on some machines: `needs('root', 'mount').test('a full disk', ...)`.
 *
 * Where the machine lacks something the test is skipped and its name says what was missing, unless `OSX_REQUIRE` (`all`
 * or a comma list of capabilities) asks for it: then the test fails.
 */
export function needs(...wanted: Capability[]): { test: TestAPI; describe: SuiteAPI } {
  const missing = wanted.filter((capability) => whyMissing(capability) !== undefined);
  if (missing.length === 0) return { test, describe };
  const required = missing.filter(isRequired);
  if (required.length > 0) return failing(required);
  const note = ` [needs ${missing.join(', ')}]`;
  return { test: renaming(test.skip, note) as TestAPI, describe: renaming(describe.skip, note) as SuiteAPI };
}

function isRequired(capability: Capability): boolean {
  const required = (process.env['OSX_REQUIRE'] ?? '').split(',').map((name) => name.trim());
  for (const name of required) {
    if (name !== '' && name !== 'all' && !(capabilities as readonly string[]).includes(name)) {
      throw new Error(`OSX_REQUIRE names ${JSON.stringify(name)}; there is ${capabilities.join(', ')}`);
    }
  }
  return required.includes('all') || required.includes(capability);
}

type Definition = (name: string, ...rest: unknown[]) => unknown;
type Chain = Definition & { each: (...cases: unknown[]) => Definition; for: (...cases: unknown[]) => Definition };

/** The same chain with `note` behind every name. */
function renaming(chain: unknown, note: string): Chain {
  const original = chain as Chain;
  const renamed = (definition: Definition): Definition => {
    return (name, ...rest) => definition(`${name}${note}`, ...rest);
  };
  return Object.assign(renamed(original), {
    each: (...cases: unknown[]) => renamed(original.each(...cases)),
    for: (...cases: unknown[]) => renamed(original.for(...cases)),
  });
}

/** Every definition becomes one test that fails and says why. */
function failing(required: readonly Capability[]): { test: TestAPI; describe: SuiteAPI } {
  const reasons = required.map((capability) => `${capability}: ${whyMissing(capability)}`).join('\n');
  const fail: Definition = (name) => {
    test(name, () => {
      throw new Error(`OSX_REQUIRE=${process.env['OSX_REQUIRE']} asks for what this machine lacks\n${reasons}`);
    });
  };
  const chain = Object.assign(fail, { each: () => fail, for: () => fail });
  return { test: chain as unknown as TestAPI, describe: chain as unknown as SuiteAPI };
}
