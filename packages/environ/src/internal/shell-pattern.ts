/** A stretch of a pattern; in what is quoted no character is special. */
export interface Chunk {
  readonly text: string;
  readonly quoted: boolean;
}

interface Character {
  readonly text: string;
  readonly quoted: boolean;
}

/** One step of a pattern: any run of characters, or one character of a kind. */
type Step = 'run' | ((character: string) => boolean);

/**
 * How many characters of a value, from its start, a pattern of the shell matches: the fewest or the most; `undefined` for none.
 *
 * Time is at most the product of the two lengths, whatever the pattern.
 */
export function matchStart(
  characters: readonly string[],
  pattern: readonly Chunk[],
  longest: boolean,
): number | undefined {
  return run(characters, stepsOf(pattern), longest);
}

/** The same, from the end of the value backwards. */
export function matchEnd(
  characters: readonly string[],
  pattern: readonly Chunk[],
  longest: boolean,
): number | undefined {
  return run(characters.toReversed(), stepsOf(pattern).toReversed(), longest);
}

/** All places in the pattern where it could be are followed at once. */
function run(characters: readonly string[], steps: readonly Step[], longest: boolean): number | undefined {
  let matched: number | undefined;
  let places = withRuns(new Set([0]), steps);
  for (let count = 0; ; count += 1) {
    if (places.has(steps.length)) {
      matched = count;
      if (!longest) return matched;
    }
    const character = characters[count];
    if (character === undefined || places.size === 0) return matched;
    const next = new Set<number>();
    for (const place of places) {
      const step = steps[place];
      if (step === 'run') next.add(place);
      else if (step?.(character) === true) next.add(place + 1);
    }
    places = withRuns(next, steps);
  }
}

/** A run may be empty. */
function withRuns(places: Set<number>, steps: readonly Step[]): Set<number> {
  // A Set gives what is added meanwhile, too.
  for (const place of places) if (steps[place] === 'run') places.add(place + 1);
  return places;
}

function stepsOf(pattern: readonly Chunk[]): Step[] {
  const characters = unescaped(pattern);
  const steps: Step[] = [];
  for (let index = 0; index < characters.length; index += 1) {
    const { text, quoted } = characters[index] as Character;
    if (!quoted && text === '*') {
      if (steps.at(-1) !== 'run') steps.push('run');
    } else if (!quoted && text === '?') steps.push(() => true);
    else {
      const bracket = !quoted && text === '[' ? bracketAt(characters, index) : undefined;
      steps.push(bracket?.has ?? ((character) => character === text));
      index = bracket?.end ?? index;
    }
  }
  return steps;
}

/** By characters; a backslash in the value of a variable quotes what follows it, where that is not quoted anyway. */
function unescaped(pattern: readonly Chunk[]): Character[] {
  const characters: Character[] = [];
  let isEscaped = false;
  const endEscape = (): void => {
    if (isEscaped) characters.push({ text: '\\', quoted: true });
    isEscaped = false;
  };
  for (const { text, quoted } of pattern) {
    for (const character of text) {
      if (quoted) endEscape();
      if (!quoted && !isEscaped && character === '\\') isEscaped = true;
      else {
        characters.push({ text: character, quoted: quoted || isEscaped });
        isEscaped = false;
      }
    }
  }
  endEscape();
  return characters;
}

/** `[...]` from its bracket on: which characters it stands for, and where it ends; `undefined` when it is not closed. */
function bracketAt(
  characters: readonly Character[],
  start: number,
): { has: (character: string) => boolean; end: number } | undefined {
  const special = (at: number, text: string): boolean => characters[at]?.text === text && !characters[at].quoted;
  let index = start + 1;
  const isNegated = special(index, '!') || special(index, '^');
  if (isNegated) index += 1;
  const first = index;
  const members: ((character: string) => boolean)[] = [];
  for (; !special(index, ']') || index === first; index += 1) {
    const low = characters[index];
    if (low === undefined) return undefined;
    const named = special(index, '[') && special(index + 1, ':') ? classAt(characters, index) : undefined;
    const high = special(index + 1, '-') && !special(index + 2, ']') ? characters[index + 2] : undefined;
    if (named !== undefined) {
      members.push((character) => named.pattern?.test(character) === true);
      index = named.end;
    } else if (high === undefined) members.push((character) => character === low.text);
    else {
      const [from, to] = [codeOf(low.text), codeOf(high.text)];
      members.push((character) => codeOf(character) >= from && codeOf(character) <= to);
      index += 2;
    }
  }
  return { has: (character) => members.some((member) => member(character)) !== isNegated, end: index };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[\p{Alphabetic}0-9]/u,
  alpha: /\p{Alphabetic}/u,
  blank: /[ \t]/,
  cntrl: /\p{Cc}/u,
  digit: /[0-9]/,
  graph: /[^\p{Z}\p{C}]/u,
  lower: /\p{Lowercase}/u,
  print: /[^\p{Zl}\p{Zp}\p{C}]/u,
  punct: /[\p{P}\p{S}]/u,
  space: /[ \t\n\v\f\r]/,
  upper: /\p{Uppercase}/u,
  xdigit: /[0-9A-Fa-f]/,
};

/** `[:alpha:]` within a bracket, and the place of its last character; without a pattern when there is no such class. */
function classAt(
  characters: readonly Character[],
  start: number,
): { pattern: RegExp | undefined; end: number } | undefined {
  let name = '';
  for (let index = start + 2; index < characters.length; index += 1) {
    const { text, quoted } = characters[index] as Character;
    if (quoted || (text === ':' ? characters[index + 1]?.text !== ']' : !/^[a-z]$/.test(text))) return undefined;
    if (text === ':') return { pattern: Object.hasOwn(classes, name) ? classes[name] : undefined, end: index + 1 };
    name += text;
  }
  return undefined;
}
