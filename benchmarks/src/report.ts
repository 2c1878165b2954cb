import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { median, quantile } from './measure.ts';

/** One contender's figures, in the unit of its table. */
export interface Row {
  readonly name: string;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly p99?: number;
  readonly samples: number;
  /** What it does more or less than the others, or why there is no figure. */
  readonly note?: string;
}

/** What the project wants of a figure; told, never enforced. */
export interface Goal {
  readonly wanted: string;
  readonly got: string;
  readonly met: boolean;
}

export interface Table {
  readonly suite: string;
  readonly title: string;
  readonly unit: 'µs' | 'ms' | 'kB';
  /** Ratios are to this row. */
  readonly reference: string;
  readonly rows: readonly Row[];
  readonly goals: readonly Goal[];
}

/** What happens, where that is not a matter of figures. */
export interface FactTable {
  readonly suite: string;
  readonly title: string;
  /** The heads of the columns; the first is that of the names. */
  readonly columns: readonly string[];
  readonly facts: readonly (readonly string[])[];
  readonly goals: readonly Goal[];
}

/** Nanoseconds, or bytes, become a row in the table's unit. */
export function rowOf(
  name: string,
  figuresInSmall: readonly number[],
  unit: Table['unit'],
  extra: { tail?: boolean; note?: string } = {},
): Row {
  const figures = figuresInSmall.map((figure) => figure / (unit === 'ms' ? 1e6 : 1e3));
  return {
    name,
    median: median(figures),
    low: Math.min(...figures),
    high: Math.max(...figures),
    samples: figures.length,
    ...(extra.tail === true && { p99: quantile(figures, 0.99) }),
    ...(extra.note !== undefined && { note: extra.note }),
  };
}

/** A row for a peer that could not take part, with the reason. */
export function absentRow(name: string, note: string): Row {
  return { name, median: NaN, low: NaN, high: NaN, samples: 0, note };
}

/** A goal on the median of a row against that of another: `other` must take at least `times` as long as `own`. */
export function ratioGoal(rows: readonly Row[], own: string, other: string, times: number): Goal[] {
  const ratio = medianOf(rows, other) / medianOf(rows, own);
  if (Number.isNaN(ratio)) return [];
  return [{ wanted: `${other} takes at least ${times} x ${own}`, got: `${ratio.toFixed(2)} x`, met: ratio >= times }];
}

/** A goal on the median of a row itself. */
export function limitGoal(rows: readonly Row[], own: string, limit: number, unit: string): Goal[] {
  const figure = medianOf(rows, own);
  if (Number.isNaN(figure)) return [];
  return [{ wanted: `${own}: under ${limit} ${unit}`, got: `${shown(figure)} ${unit}`, met: figure < limit }];
}

function medianOf(rows: readonly Row[], name: string): number {
  return rows.find((row) => row.name === name)?.median ?? NaN;
}

export function printTable(table: Table | FactTable): void {
  const lines = 'facts' in table ? [table.columns, ...table.facts] : figureLines(table);
  console.log(`\n${table.title}`);
  for (const line of 'facts' in table ? padded(lines, () => true) : aligned(lines)) console.log(`  ${line}`);
  for (const { wanted, got, met } of table.goals) {
    console.log(`  ${met ? 'met' : 'NOT MET'}: wanted ${wanted}; got ${got}`);
  }
}

function figureLines({ unit, reference, rows }: Table): string[][] {
  const base = medianOf(rows, reference);
  const cells = rows.map((row) => [
    row.name,
    shown(row.median),
    row.samples === 0 ? '' : `${shown(row.low)} .. ${shown(row.high)}`,
    row.p99 === undefined ? '' : shown(row.p99),
    Number.isNaN(row.median / base) ? '' : ratioText(row.median / base),
    row.note ?? '',
  ]);
  return [['', `median ${unit}`, 'low .. high', 'p99', 'ratio', ''], ...cells];
}

function ratioText(ratio: number): string {
  return `${ratio.toFixed(ratio < 0.05 ? 4 : 2)} x`;
}

/** The first and the last column to the left, figures to the right. */
function aligned(lines: readonly (readonly string[])[]): string[] {
  return padded(lines, (column, last) => column === 0 || column === last);
}

function padded(lines: readonly (readonly string[])[], isLeft: (column: number, last: number) => boolean): string[] {
  const width = (column: number): number => Math.max(...lines.map((line) => line[column]?.length ?? 0));
  return lines.map((line) => {
    const cells = line.map((cell, column) => {
      return isLeft(column, line.length - 1) ? cell.padEnd(width(column)) : cell.padStart(width(column));
    });
    return cells.join('  ').trimEnd();
  });
}

function shown(figure: number): string {
  if (Number.isNaN(figure)) return '-';
  return figure >= 100 ? figure.toFixed(0) : figure >= 1 ? figure.toFixed(1) : figure.toFixed(3);
}

/** The run as JSON in `results/`, named by its time; the path is returned. */
export function saveResults(tables: readonly (Table | FactTable)[], effort: object): string {
  const results = new URL('../results/', import.meta.url);
  mkdirSync(results, { recursive: true });
  const date = new Date().toISOString();
  const file = new URL(`${date.replaceAll(':', '-')}.json`, results);
  writeFileSync(file, `${JSON.stringify({ date, machine: machine(), effort, tables }, undefined, 2)}\n`);
  return file.pathname;
}

export function machine(): { cpu: string; cores: number; memoryGb: number; kernel: string; node: string } {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
  };
}
