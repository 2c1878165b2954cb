/** One thing to be timed: does `iterations` operations one after the other and returns the nanoseconds they took. */
export interface Contender {
  readonly name: string;
  run(iterations: number): Promise<number>;
}

/** How long and how often. */
export interface Effort {
  readonly repetitions: number;
  /** About what one repetition of one contender takes. */
  readonly batchMs: number;
}

/** Nanoseconds an operation, one figure a repetition. */
export interface Measured {
  readonly name: string;
  readonly figures: number[];
}

/** One repetition after another over all contenders, so that a slow moment of the machine meets each of them. */
export async function measureInterleaved(
  contenders: readonly Contender[],
  { repetitions, batchMs }: Effort,
): Promise<Measured[]> {
  const entrants = [];
  for (const contender of contenders) {
    const iterations = await batchSize(contender, batchMs);
    entrants.push({ contender, iterations, name: contender.name, figures: [] as number[] });
  }
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const first = repetition % entrants.length;
    for (const { contender, iterations, figures } of [...entrants.slice(first), ...entrants.slice(0, first)]) {
      figures.push((await contender.run(iterations)) / iterations);
    }
  }
  return entrants;
}

/** Times an operation of JavaScript. */
export function asyncContender(name: string, operation: () => Promise<unknown>): Contender {
  return {
    name,
    async run(iterations) {
      const start = process.hrtime.bigint();
      for (let count = 0; count < iterations; count += 1) await operation();
      return Number(process.hrtime.bigint() - start);
    },
  };
}

/** Times a synchronous operation of JavaScript, without the cost of a promise. */
export function syncContender(name: string, operation: () => unknown): Contender {
  return {
    name,
    run(iterations) {
      const start = process.hrtime.bigint();
      for (let count = 0; count < iterations; count += 1) operation();
      return Promise.resolve(Number(process.hrtime.bigint() - start));
    },
  };
}

/** Warms the contender up, and finds how many operations fill a batch. */
async function batchSize(contender: Contender, batchMs: number): Promise<number> {
  await contender.run(3); // what is loaded or learned once
  for (let iterations = 1; ; iterations *= 4) {
    const nanoseconds = await contender.run(iterations);
    const goal = batchMs * 1e6;
    if (nanoseconds >= goal / 8) return Math.max(1, Math.round((iterations * goal) / nanoseconds));
  }
}

/** The value below which the given share of the numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

export function median(numbers: readonly number[]): number {
  return (quantile(numbers, 0.5) + quantile(numbers, 0.5 - 1e-9)) / 2;
}
