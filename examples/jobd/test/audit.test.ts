import { expect, test } from 'vitest';

import { auditLife, auditState } from '../src/demo/audit.ts';
import type { State } from '../src/state-file.ts';

function state(done: string[], queue: string[]): State {
  return {
    done: done.map((id) => ({ id, text: id, digest: `digest of ${id}`, label: 'x' })),
    queue: queue.map((id) => ({ id, text: id })),
  };
}

test('a good state has no faults', () => {
  expect(auditState(state(['a'], ['b', 'c']), ['a', 'b'])).toEqual([]);
  expect(auditLife(state(['a'], ['b']), ['b', 'c'], state(['a', 'b'], ['c']))).toEqual([]);
});

test.for([
  { acknowledged: ['a', 'z'], done: ['a'], queue: [], fault: '1 acknowledged jobs are lost: z' },
  { acknowledged: [], done: ['a', 'a'], queue: [], fault: '1 jobs are in the state twice: a' },
  { acknowledged: [], done: ['a'], queue: ['a'], fault: '1 jobs are in the state twice: a' },
  { acknowledged: [], done: [], queue: ['a', 'a'], fault: '1 jobs are in the state twice: a' },
])('$fault', ({ acknowledged, done, queue, fault }) => {
  expect(auditState(state(done, queue), acknowledged)).toEqual([fault]);
});

test('a life in which a recorded job is run, a job is run twice, or a result changes, has faults', () => {
  const before = state(['a', 'b'], ['c']);
  const after = state(['a', 'b', 'c'], []);
  expect(auditLife(before, ['b', 'c'], after)).toEqual(['1 recorded jobs were run again: b']);
  expect(auditLife(before, ['c', 'c'], after)).toEqual(['1 jobs were run twice by one daemon: c']);
  expect(auditLife(before, ['c'], state(['a', 'c', 'b'], []))).toEqual(['1 results have changed: b']);
  expect(auditLife(before, ['c'], state(['c'], []))).toEqual(['2 results have changed: a, b']);
});
