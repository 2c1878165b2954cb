import { ExpansionError } from '../expansion-error.ts';

/** A piece of a text: as it is, or to be looked up. What is quoted has no special characters where it is a pattern. */
export type Part = TextPart | ParameterPart;

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
  readonly quoted: boolean;
}

export interface ParameterPart {
  readonly kind: 'parameter';
  readonly name: string;
  readonly operator: Operator;
  /** `:-` and its like: empty counts as not set. */
  readonly colon: boolean;
  readonly word: readonly Part[];
  readonly quoted: boolean;
  readonly offset: number;
  /** As it was written. */
  readonly source: string;
}

export type Operator = 'value' | 'length' | '-' | '=' | '?' | '+' | '%' | '%%' | '#' | '##';

/** Where the parser is: in the text, in the word behind `:-` and its like, in the pattern behind `%` and `#`. */
type Place = 'text' | 'word' | 'pattern';

const deepest = 100;
const namePattern = /[A-Za-z_][A-Za-z0-9_]*/y;
const operatorPattern = /:?[-=?+]|%%?|##?/y;
/** Up to the next character that may mean something. */
const ordinary = /[^\\$"'}]+/y;

/**
 * Takes a text apart as the shell does with a here-document: variables, a backslash before `$`, `` ` ``, `\` and at the end of a line;
 * quotes mean something only within `${...}`. Throws for what the shell calls a bad substitution, whether or not it would
 * be needed.
 */
export function parseTemplate(text: string): Part[] {
  return new Parser(text).parts('text', false, 0);
}

class Parser {
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** To the end of the text, or to the character that ends the place, which is left. */
  parts(place: Place, quoted: boolean, depth: number): Part[] {
    const parts: Part[] = [];
    const start = this.#index;
    const literal = (text: string, isQuoted: boolean): void => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: isQuoted });
    };
    for (;;) {
      const character = this.#text[this.#index];
      if (character === undefined) {
        if (place === 'text') return parts;
        throw this.#bad(start, quoted ? 'a " is not closed' : 'a ${ is not closed');
      }
      if (quoted ? character === '"' : place !== 'text' && character === '}') return parts;
      if (character === '\\') literal(...this.#escaped(place, quoted));
      else if (character === '$') {
        const parameter = this.#parameter(place, quoted, depth);
        // $$ is the shell's own, as $1 and $? are: both dollar signs stay.
        if (parameter === undefined) literal(this.#match(/\$\$?/y) ?? '$', quoted);
        else parts.push(parameter);
      } else if (character === '"' && place !== 'text') parts.push(...this.#doubleQuoted(place, depth));
      else if (character === "'" && place === 'pattern' && !quoted) literal(this.#singleQuoted(), true);
      else literal(this.#match(ordinary) ?? this.#take(1), quoted);
    }
  }

  /** What a backslash and what follows it stand for, and whether that is quoted. */
  #escaped(place: Place, quoted: boolean): [string, boolean] {
    this.#index += 1;
    const next = this.#text[this.#index];
    if (next === undefined) return ['\\', quoted];
    const special = place === 'text' ? '$`\\\n' : '$`\\\n"}';
    const isRemoved = place === 'pattern' && !quoted ? true : special.includes(next);
    if (!isRemoved) return ['\\', quoted];
    const escaped = this.#take(1);
    return [escaped === '\n' ? '' : escaped, true];
  }

  #doubleQuoted(place: Place, depth: number): Part[] {
    const parts: Part[] = [{ kind: 'text', text: '', quoted: true }];
    this.#index += 1;
    parts.push(...this.parts(place, true, depth));
    this.#index += 1;
    return parts;
  }

  #singleQuoted(): string {
    const start = this.#index;
    const end = this.#text.indexOf("'", start + 1);
    if (end === -1) throw this.#bad(start, "a ' is not closed");
    this.#index = end + 1;
    return this.#text.slice(start + 1, end);
  }

  /** `$NAME` or `${...}`; `undefined` for a dollar sign that is only that. */
  #parameter(place: Place, quoted: boolean, depth: number): ParameterPart | undefined {
    const offset = this.#index;
    this.#index += 1;
    const isBraced = this.#text[this.#index] === '{';
    const name = isBraced ? undefined : this.#match(namePattern);
    if (!isBraced && name === undefined) {
      this.#index = offset;
      return undefined;
    }
    if (depth >= deepest) throw this.#bad(offset, `more than ${deepest} \${ within each other`);
    const bare = { operator: 'value', colon: false, word: [] } as const;
    const inside = name === undefined ? this.#braced(offset, place, quoted, depth) : { name, ...bare };
    return { kind: 'parameter', ...inside, quoted, offset, source: this.#text.slice(offset, this.#index) };
  }

  #braced(
    offset: number,
    place: Place,
    quoted: boolean,
    depth: number,
  ): Pick<ParameterPart, 'name' | 'operator' | 'colon' | 'word'> {
    this.#index += 1;
    const isLength = this.#text[this.#index] === '#';
    if (isLength) this.#index += 1;
    const name = this.#match(namePattern);
    if (name === undefined) throw this.#bad(offset, 'no name');
    if (this.#text[this.#index] === '}') {
      this.#index += 1;
      return { name, operator: isLength ? 'length' : 'value', colon: false, word: [] };
    }
    const operator = isLength ? undefined : this.#match(operatorPattern);
    if (operator === undefined) {
      throw this.#bad(offset, `after the name ${name} neither } nor one of :- - := = :? ? :+ + % %% # ##`);
    }
    const plain = operator.replace(':', '') as Operator;
    const isPattern = plain.startsWith('%') || plain.startsWith('#') || (place === 'pattern' && !quoted);
    const word = this.parts(isPattern ? 'pattern' : 'word', false, depth + 1);
    this.#index += 1;
    return { name, operator: plain, colon: operator !== plain, word };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#index;
    const found = pattern.exec(this.#text)?.[0];
    this.#index += found?.length ?? 0;
    return found;
  }

  #take(count: number): string {
    this.#index += count;
    return this.#text.slice(this.#index - count, this.#index);
  }

  #bad(offset: number, why: string): ExpansionError {
    return new ExpansionError(`bad substitution at offset ${offset}: ${why}`, { kind: 'syntax', offset });
  }
}
