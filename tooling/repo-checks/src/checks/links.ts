import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Check } from '../check-definition.ts';

const LINK = /\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)/g;

/** Every relative link of a tracked Markdown file leads to something. */
export const linksCheck: Check = {
  name: 'links',
  async run(repository) {
    const problems: string[] = [];
    for (const file of (await repository.trackedFiles()).filter((name) => name.endsWith('.md'))) {
      const text = readFileSync(join(repository.root, file), 'utf8');
      for (const [, target = ''] of text.matchAll(LINK)) {
        if (!existsSync(join(repository.root, dirname(file), target))) problems.push(`${file} links to ${target}`);
      }
    }
    return { problems };
  },
};
