/** A store in memory whose state is right only as a whole: what leaves one account arrives in another. */
export class Bank {
  readonly accounts: number[];
  transfers = 0;

  constructor(size: number, balance: number) {
    this.accounts = Array.from({ length: size }, () => balance);
  }

  /** Moves one from an account to another, at random. */
  transfer(): void {
    const from = Math.floor(Math.random() * this.accounts.length);
    const to = Math.floor(Math.random() * this.accounts.length);
    this.accounts[from] = (this.accounts[from] as number) - 1;
    this.accounts[to] = (this.accounts[to] as number) + 1;
    this.transfers++;
  }

  render(): string {
    return JSON.stringify({ transfers: this.transfers, accounts: this.accounts });
  }
}

/** What a snapshot says, and whether it was ever the state of a bank. */
export function auditSnapshot(text: string): { transfers: number; total: number } {
  const { transfers, accounts } = JSON.parse(text) as { transfers: number; accounts: number[] };
  return { transfers, total: accounts.reduce((sum, balance) => sum + balance, 0) };
}
