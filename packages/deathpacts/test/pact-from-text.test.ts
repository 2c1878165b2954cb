import { expect, test } from 'vitest';

import { pactFromText } from '../src/internal/pact-from-text.ts';

test.each([
  ['parent-death-signel', 'ERR_INVALID_ARG_VALUE', /a pact: parent-death-signal, process, pipe, heartbeat-file, none/],
  ['constructor', 'ERR_INVALID_ARG_VALUE', /a pact: /],
  ['{}', 'ERR_INVALID_ARG_VALUE', /a pact: /],
  ['{"pact":["none"]}', 'ERR_INVALID_ARG_VALUE', /a pact: /],
  ['{"pact":"process"', 'ERR_INVALID_ARG_VALUE', /the name of a pact, or JSON/],
  [
    '{"pact":"process","pdi":1}',
    'ERR_INVALID_ARG_VALUE',
    /without pdi; process takes pid, startTime, identity, pidfd, signal/,
  ],
  ['{"pact":"none","watch":false}', 'ERR_INVALID_ARG_VALUE', /without watch/],
  ['{"pact":"process","pid":0}', 'ERR_OUT_OF_RANGE', /options.pid/],
  ['{"pact":"none","signal":"SIGNONE"}', 'ERR_INVALID_ARG_VALUE', /options.signal/],
  ['pipe', 'ERR_INVALID_ARG_TYPE', /options.fd/],
  ['{"pact":"pipe","fd":1000000}', 'EBADF', /EBADF/],
])('refuses %s', (text, code, message) => {
  const expected = expect.objectContaining({ code, message: expect.stringMatching(message) });
  expect(() => pactFromText('the variable', text)).toThrow(expected);
});

test('makes the pact that is asked for', () => {
  const pact = pactFromText('the variable', '{"pact":"none","signal":"TERM","graceMs":0,"output":"stderr"}');
  expect(pact.constructor.name).toBe('NoDeathpact');
  pact.close();
});
