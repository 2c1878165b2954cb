import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Check } from '../check-definition.ts';

/** What ties the tree to one machine or gives something away. Written so that this file does not match itself. */
const TRACES: [string, RegExp][] = [
  [
    'an absolute path of one machine',
    /(?<![\w.~)}-])\/(?:work|root|home\/[\w.-]+|Users\/[\w.-]+)(?:\/[\w.@-]|(?=['"`\s:,;)]|$))/,
  ],
  [
    'the host of a package registry',
    /registry\.(?:npmjs|yarnpkg|npmmirror)|\b(?:deb|security)\.debian\.org|\bpypi\.org|pythonhosted\.org|proxy\.golang/,
  ],
  ['a private key', /-{5}BEGIN [A-Z ]*PRIVATE KEY/],
  ['an access token', /\b(?:npm_[A-Za-z0-9]{36}|gh[pousr]_[A-Za-z0-9]{36}|_authToken\s*=\s*\S)/],
];

/** Nothing that is committed names this machine's paths, a registry's host, or a secret. */
export const machinePathsCheck: Check = {
  name: 'machine-paths',
  async run(repository) {
    const problems: string[] = [];
    for (const file of await repository.trackedFiles()) {
      const content = readFileSync(join(repository.root, file));
      if (content.includes(0)) continue;
      for (const [index, line] of content.toString('utf8').split('\n').entries()) {
        for (const [what, pattern] of TRACES) {
          const match = pattern.exec(line);
          if (match !== null) problems.push(`${file}:${index + 1}: ${what}: ${match[0]}`);
        }
      }
    }
    return { problems };
  },
};
