/** A wanted value of a field. */
export interface Match {
  readonly field: string;
  readonly value: Buffer;
}

/** Matches of one field are alternatives, different fields must all match. */
type Term = readonly Match[];

/** Wanted entries, as sd_journal_add_match(3) has it: all groups, of each group one term. */
export class MatchGroups {
  /** The last group and the last term are those that `add` adds to; terms and groups without anything do not count. */
  readonly #groups: Match[][][] = [[[]]];

  add(match: Match): void {
    this.#groups.at(-1)?.at(-1)?.push(match);
  }

  or(): void {
    this.#groups.at(-1)?.push([]);
  }

  and(): void {
    this.#groups.push([[]]);
  }

  clear(): void {
    this.#groups.splice(0, Infinity, [[]]);
  }

  copy(): MatchGroups {
    const copy = new MatchGroups();
    copy.#groups.splice(0, Infinity, ...this.#groups.map((group) => group.map((term) => [...term])));
    return copy;
  }

  groups(): readonly (readonly Term[])[] {
    return this.#groups.map((group) => group.filter((term) => term.length > 0)).filter((group) => group.length > 0);
  }
}

/** Above this the command line of journalctl would be too long anyway. */
const MOST_TERMS = 1024;

/**
 * The same as one group, which is all that journalctl's command line can say: every choice of one term from each group.
 *
 * @returns `undefined` where that cannot be said: a field with different values in two terms that both must match (in one
 * term they would be alternatives), or too many choices.
 */
export function asOneGroup(groups: readonly (readonly Term[])[]): readonly Term[] | undefined {
  let terms: readonly Term[] = [[]];
  for (const group of groups) {
    if (terms.length * group.length > MOST_TERMS) return undefined;
    const joined = terms.flatMap((before) => group.map((term) => join(before, term)));
    if (joined.includes(undefined)) return undefined;
    terms = joined as Term[];
  }
  return groups.length === 0 ? [] : terms;
}

function join(before: Term, term: Term): Term | undefined {
  const fields = new Set(before.map((match) => match.field));
  const isShared = term.some((match) => fields.has(match.field));
  if (!isShared) return [...before, ...term];
  const added = term.filter((match) => !fields.has(match.field));
  const shared = term.filter((match) => fields.has(match.field)).map((match) => match.field);
  return shared.every((field) => valuesOf(before, field) === valuesOf(term, field)) ? [...before, ...added] : undefined;
}

function valuesOf(term: Term, field: string): string {
  const values = term.filter((match) => match.field === field).map((match) => match.value.toString('hex'));
  return [...new Set(values)].toSorted().join();
}
