/** What a terminal or a log viewer may act on: control characters, line separators, and what turns the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text with nothing in it that could forge a line, or do something to whoever reads it: such characters are escaped. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeUnits);
}

/** By UTF-16 units, as JSON has it. */
function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
