import { describe, expect, test } from 'vitest';
import winston from 'winston';
import { priorityOfName, priorityOfNumber } from '../src/internal/loggers/level-priority.ts';
import type { LoggerRules } from '../src/internal/loggers/checked-rules.ts';

const RULES: LoggerRules = { priorities: new Map(), fields: [], wellKnownKeys: new Set() };

describe("winston's sets", () => {
  const { npm, cli, syslog } = winston.config;

  test.each([
    ['npm', npm.levels, { error: 3, warn: 4, info: 6, http: 6, verbose: 7, debug: 7, silly: 7 }],
    [
      'cli',
      cli.levels,
      { error: 3, warn: 4, help: 5, data: 6, info: 6, debug: 7, prompt: 7, verbose: 7, input: 7, silly: 7 },
    ],
    ['syslog', syslog.levels, { emerg: 0, alert: 1, crit: 2, error: 3, warning: 4, notice: 5, info: 6, debug: 7 }],
  ])('%s: every level, and in its order', (_name, levels, wanted) => {
    const byUrgency = Object.entries(levels).toSorted(([, a], [, b]) => a - b);
    const priorities = byUrgency.map(([level]) => priorityOfName(RULES, level));
    expect(Object.fromEntries(byUrgency.map(([level], at) => [level, priorities[at]]))).toEqual(wanted);
    expect(priorities).toEqual(priorities.toSorted((a, b) => Number(a) - Number(b)));
  });
});

test("pino's numbers, and those between", () => {
  const levels = [0, 9, 10, 20, 29, 30, 31, 35, 39, 40, 45, 50, 59, 60, 100, 1e9];
  expect(levels.map((level) => priorityOfNumber(RULES, level))).toEqual([
    7, 7, 7, 7, 7, 6, 5, 5, 5, 4, 4, 3, 3, 2, 2, 2,
  ]);
});

test('names in any case; those of syslog and others; not numbers', () => {
  expect(['FATAL', 'Warning', 'err', 'notice', 'panic'].map((name) => priorityOfName(RULES, name))).toEqual([
    2, 4, 3, 5, 0,
  ]);
  expect(['', '3', 'nobody', 'constructor', '__proto__'].map((name) => priorityOfName(RULES, name))).toEqual(
    Array.from({ length: 5 }),
  );
});

test('what the user says goes before', () => {
  const rules = {
    ...RULES,
    priorities: new Map([
      ['info', 5],
      ['45', 3],
    ]),
  };
  expect([priorityOfName(rules, 'info'), priorityOfName(rules, 'warn')]).toEqual([5, 4]);
  expect([priorityOfNumber(rules, 45), priorityOfNumber(rules, 44)]).toEqual([3, 4]);
});
