import { ExpansionError } from '../expansion-error.ts';
import { matchEnd, matchStart, type Chunk } from './shell-pattern.ts';
import type { ParameterPart, Part } from './shell-template.ts';

/** What the variables are, and what to do about those that are not set. */
export interface Variables {
  lookUp(name: string): string | undefined;
  assign(name: string, value: string): void;
  /** The text for a variable that is not set. */
  undefinedText(name: string, source: string, offset: number): string;
}

/** The text that the parts come to. */
export function evaluateTemplate(parts: readonly Part[], variables: Variables): string {
  return textOf(chunksOf(parts, variables));
}

function chunksOf(parts: readonly Part[], variables: Variables): Chunk[] {
  const chunks: Chunk[] = [];
  for (const part of parts) {
    if (part.kind === 'text') chunks.push(part);
    else if (part.quoted) chunks.push({ text: textOf(valueOf(part, variables)), quoted: true });
    else chunks.push(...valueOf(part, variables));
  }
  return chunks;
}

function textOf(chunks: readonly Chunk[]): string {
  return chunks.map(({ text }) => text).join('');
}

function valueOf(part: ParameterPart, variables: Variables): Chunk[] {
  const { name, operator, colon, word } = part;
  const value = variables.lookUp(name);
  const isThere = value !== undefined && !(colon && value === '');
  if (operator === '+') return isThere ? chunksOf(word, variables) : [];
  if (operator === '-' || operator === '=' || operator === '?') {
    if (isThere) return plain(value);
    if (operator === '-') return chunksOf(word, variables);
    const text = evaluateTemplate(word, variables);
    if (operator === '?') throw refusal(part, text);
    variables.assign(name, text);
    return plain(text);
  }
  const text = value ?? variables.undefinedText(name, part.source, part.offset);
  const isKept = value === undefined && text === part.source;
  return plain(isKept || operator === 'value' ? text : reduced(text, operator, word, variables));
}

function reduced(
  text: string,
  operator: 'length' | '%' | '%%' | '#' | '##',
  word: readonly Part[],
  variables: Variables,
): string {
  const characters = Array.from(text);
  if (operator === 'length') return String(characters.length);
  // The shell does not look at the pattern either, which may hold an assignment.
  if (text === '') return '';
  const pattern = chunksOf(word, variables);
  const longest = operator.length === 2;
  if (operator.startsWith('#')) return characters.slice(matchStart(characters, pattern, longest) ?? 0).join('');
  return characters.slice(0, characters.length - (matchEnd(characters, pattern, longest) ?? 0)).join('');
}

function plain(text: string): Chunk[] {
  return [{ text, quoted: false }];
}

function refusal({ name, colon, offset }: ParameterPart, word: string): ExpansionError {
  const reason = word === '' ? (colon ? 'parameter null or not set' : 'parameter not set') : word;
  return new ExpansionError(`${name}: ${reason}`, { kind: 'undefined', offset, variable: name });
}
