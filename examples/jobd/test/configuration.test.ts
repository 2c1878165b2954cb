import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryDirectory } from '@osx/test-support';
import { expect, test } from 'vitest';

import { readConfiguration } from '../src/configuration.ts';

function read(content: string) {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'jobd.json');
  writeFileSync(path, content);
  return readConfiguration(path);
}

test('a file that is not there, and settings that are not, mean the defaults', () => {
  using directory = temporaryDirectory();
  const defaults = { label: 'default', paceMs: 0 };
  expect(readConfiguration(join(directory.path, 'jobd.json'))).toEqual(defaults);
  expect(read('{}')).toEqual(defaults);
  expect(read('{"paceMs":5}')).toEqual({ ...defaults, paceMs: 5 });
  expect(read('{"workers":2}')).toEqual({ ...defaults, workers: 2 });
  expect(read('{"workers":0}')).toEqual(defaults);
});

test.for([
  ['', 'JSON'],
  ['[', 'JSON'],
  ['null', 'must be a JSON object'],
  ['"x"', 'must be a JSON object'],
  ['{"label":1}', 'label must be a string'],
  ['{"paceMs":"1"}', 'paceMs must be a number'],
  ['{"paceMs":-1}', 'paceMs must be a number'],
  ['{"paceMs":1e99}', 'paceMs must be a number'],
  ['{"workers":1.5}', 'workers must be an integer'],
  ['{"workers":65}', 'workers must be an integer'],
  ['{"paceMS":1}', 'there is no setting "paceMS"'],
] as const)('%s is refused', ([content, why]) => {
  expect(() => read(content)).toThrow(why);
  expect(() => read(content)).toThrow('jobd.json: ');
});
