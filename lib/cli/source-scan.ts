/** Where a stretch of source text begins, and the index behind its end. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The same text with the inside of its comments and strings blanked, so that what is left can be searched and
 * brackets can be counted; every index stays what it was. Regular expressions are taken for divisions.
 */
export function blankLiterals(source: string): string {
  return source.replace(
    /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g,
    literal =>
      /^\//.test(literal) ? blank(literal) : `${literal[0]}${blank(literal.slice(1, -1))}${literal[0]}`,
  );
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What the bracket at `open` encloses, without the brackets; `undefined` when they do not match. */
export function enclosed(blanked: string, open: number): Span | undefined {
  const expected: string[] = [];
  for (let at = open; at < blanked.length; at++) {
    const letter = blanked[at] ?? '';
    if (letter in CLOSING) expected.push(CLOSING[letter] ?? '');
    else if (/[)\]}]/.test(letter) && expected.pop() !== letter) return undefined;
    if (expected.length === 0) return { start: open + 1, end: at };
  }
  return undefined;
}

/** The parts of a list: what stands between its commas, brackets inside left whole. Empty ones are left out. */
export function partsOf(blanked: string, { start, end }: Span): Span[] {
  const parts: Span[] = [];
  let depth = 0;
  let from = start;
  const take = (to: number) => {
    const text = blanked.slice(from, to);
    const begin = from + (text.length - text.trimStart().length);
    if (text.trim() !== '') parts.push({ start: begin, end: begin + text.trim().length });
    from = to + 1;
  };
  for (let at = start; at < end; at++) {
    const letter = blanked[at] ?? '';
    if (/[([{]/.test(letter)) depth++;
    if (/[)\]}]/.test(letter)) depth--;
    if (letter === ',' && depth === 0) take(at);
  }
  take(end);
  return parts;
}
