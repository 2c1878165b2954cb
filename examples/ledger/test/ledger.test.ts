import { expect, test } from 'vitest';

import { auditLedger, openLedger, renderLedger, totalOf, transfer } from '../src/ledger.ts';

test('a transfer changes two accounts and no total', () => {
  const ledger = openLedger();
  const after = transfer(ledger, 5n);
  expect(after.accounts.filter((balance, index) => balance !== ledger.accounts[index])).toHaveLength(2);
  expect(totalOf(after)).toBe(totalOf(ledger));
  expect(after).toMatchObject({ transfers: 1, decidedNs: '5' });
});

test('the audit finds a torn file, a wrong total and a lost transfer, and nothing in a good one', () => {
  const good = transfer(openLedger(), 1n);
  const audit = (text: string, acknowledged = 1): string[] => auditLedger(Buffer.from(text), acknowledged);
  expect(audit(renderLedger(good))).toEqual([]);
  expect(audit(renderLedger(good).slice(0, -10))).toEqual([expect.stringContaining('torn')]);
  expect(audit(renderLedger({ ...good, accounts: [1] }))).toEqual([expect.stringContaining('the total is 1')]);
  expect(audit(renderLedger(good), 2)).toEqual(['1 acknowledged transfers are lost']);
});
