import { randomInt } from 'node:crypto';

export interface Ledger {
  accounts: number[];
  /** How many transfers this file has seen. */
  transfers: number;
  /** When the last transfer was decided, on the machine's monotonic clock. */
  decidedNs: string;
}

export const ACCOUNTS = 12;
export const OPENING_BALANCE = 1000;

export function openLedger(): Ledger {
  return { accounts: Array<number>(ACCOUNTS).fill(OPENING_BALANCE), transfers: 0, decidedNs: '0' };
}

export function parseLedger(bytes: Buffer): Ledger {
  return JSON.parse(bytes.toString()) as Ledger;
}

export function renderLedger(ledger: Ledger): string {
  return `${JSON.stringify(ledger)}\n`;
}

/** The ledger after one random transfer between two accounts. */
export function transfer(ledger: Ledger, nowNs: bigint): Ledger {
  const accounts = [...ledger.accounts];
  const from = randomInt(accounts.length);
  const to = (from + randomInt(1, accounts.length)) % accounts.length;
  const amount = randomInt(1, 100);
  accounts[from] = (accounts[from] ?? 0) - amount;
  accounts[to] = (accounts[to] ?? 0) + amount;
  return { accounts, transfers: ledger.transfers + 1, decidedNs: String(nowNs) };
}

/** What is wrong with a ledger after `acknowledged` transfers; empty when nothing is. */
export function auditLedger(bytes: Buffer, acknowledged: number): string[] {
  let ledger: Ledger;
  try {
    ledger = parseLedger(bytes);
  } catch (error) {
    return [`the file is torn: ${String(error)}`];
  }
  const faults: string[] = [];
  const total = totalOf(ledger);
  const expected = ACCOUNTS * OPENING_BALANCE;
  if (total !== expected) faults.push(`the total is ${total}, not ${expected}`);
  if (ledger.transfers < acknowledged) {
    faults.push(`${acknowledged - ledger.transfers} acknowledged transfers are lost`);
  }
  return faults;
}

export function totalOf(ledger: Ledger): number {
  return ledger.accounts.reduce((sum, balance) => sum + balance, 0);
}
