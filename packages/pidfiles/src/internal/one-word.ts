/**
 * JSON as one word of a shell: `kill $(cat FILE)` gets the pid and one word that is no pid, and not `-1` out of somebody's
 * text. What xargs and globbing would act upon is hidden likewise. All of it stands inside of strings, where JSON takes
 * escapes.
 *
 * @param json As `JSON.stringify` writes it, without indentation.
 */
export function oneWord(json: string): string {
  return json.replaceAll(/[\s'*?]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
