/** A query as hooks see it: a repeated key is a list. It has no prototype, so `__proto__` is a key like any other. */
export type RawQuery = Record<string, string | string[]>;

/**
 * Parses the text after the `?` of a URL; with `names` what goes by none of them is left out where that saves
 * something.
 */
export function parseQuery(search: string, names: readonly string[] | null = null): RawQuery {
  const query: RawQuery = Object.create(null);
  if (search.includes('%') || search.includes('+')) {
    // The "?" is for a text that begins with one, which URLSearchParams would take off.
    for (const [key, value] of new URLSearchParams(`?${search}`)) add(query, key, value);
  } else splitPairs(search, names, query);
  return query;
}

/** What URLSearchParams makes of a text without escapes, three times as fast. */
function splitPairs(search: string, names: readonly string[] | null, query: RawQuery): void {
  for (let start = 0; start < search.length; ) {
    const next = search.indexOf('&', start);
    const end = next === -1 ? search.length : next;
    const equals = search.indexOf('=', start);
    const hasValue = equals !== -1 && equals < end;
    const keyEnd = hasValue ? equals : end;
    const key = names === null ? search.slice(start, keyEnd) : nameAt(search, start, keyEnd, names);
    if (key !== undefined && end > start) add(query, key, hasValue ? search.slice(equals + 1, end) : '');
    start = end + 1;
  }
}

/** The name that stands there. A key that is sliced from the text costs more: objects look it up in a table of all keys. */
function nameAt(search: string, start: number, end: number, names: readonly string[]): string | undefined {
  for (const name of names) {
    if (name.length === end - start && search.startsWith(name, start)) return name;
  }
  return undefined;
}

function add(query: RawQuery, key: string, value: string): void {
  const before = query[key];
  if (before === undefined) query[key] = value;
  else if (typeof before === 'string') query[key] = [before, value];
  else before.push(value);
}
