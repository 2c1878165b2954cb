// Unpacking what an archive says, name by name: the name alone is half of it.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkArchiveName, openBeneath } from '@osx/paths';
import { needs, temporaryDirectory } from '@osx/test-support';
import { expect } from 'vitest';

const { test } = needs('linux');

type Entry = { name: string; content: string } | { name: string; link: string };

/** A link to the outside, and then a file "below" it; a file where a link is; and one that is what it seems. */
const entries = (outside: string): Entry[] => [
  { name: 'docs', link: outside },
  { name: 'docs/evil', content: 'evil' },
  { name: 'note', link: join('..', 'outside', 'victim') },
  { name: 'note', content: 'evil' },
  { name: '../outside/evil', content: 'evil' },
  { name: 'fine', content: 'fine' },
];

function world() {
  const directory = temporaryDirectory();
  const at = (path: string): string => join(directory.path, path);
  for (const name of ['destination', 'outside']) mkdirSync(at(name));
  writeFileSync(at('outside/victim'), 'kept');
  return { at, [Symbol.dispose]: () => directory[Symbol.dispose]() };
}

test('the mutant, which joins names, writes outside', () => {
  using place = world();
  for (const entry of entries(place.at('outside'))) {
    const path = join(place.at('destination'), entry.name);
    if ('link' in entry) symlinkSync(entry.link, path);
    else writeFileSync(path, entry.content);
  }
  expect(readFileSync(place.at('outside/victim'), 'utf8')).toBe('evil');
  expect(existsSync(place.at('outside/evil'))).toBe(true);
});

test('checked names would still lead out by the links; opened beneath they do not', async () => {
  using place = world();
  const refused: string[] = [];
  for (const entry of entries(place.at('outside'))) {
    try {
      const name = checkArchiveName(entry.name);
      if ('link' in entry) {
        symlinkSync(entry.link, join(place.at('destination'), name));
        continue;
      }
      using file = await openBeneath(place.at('destination'), name, 'w');
      await file.writeAll(entry.content);
    } catch (error) {
      refused.push(`${(error as NodeJS.ErrnoException).code} ${entry.name}`);
    }
  }
  expect(refused).toEqual(['EXDEV docs/evil', 'EXDEV note', 'ERR_OSX_UNSAFE_NAME ../outside/evil']);
  expect(readdirSync(place.at('outside'))).toEqual(['victim']);
  expect(readFileSync(place.at('outside/victim'), 'utf8')).toBe('kept');
  expect(readFileSync(place.at('destination/fine'), 'utf8')).toBe('fine');
});
