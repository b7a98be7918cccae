/** A query as hooks see it: a repeated key is a list. It has no prototype, so `__proto__` is a key like any other. */
export type RawQuery = Record<string, string | string[]>;

/** Parses the text after the `?` of a URL. */
export function parseQuery(search: string): RawQuery {
  const query: RawQuery = Object.create(null);
  if (search === '') return query;
  for (const [key, value] of new URLSearchParams(search)) {
    const before = query[key];
    if (before === undefined) query[key] = value;
    else if (typeof before === 'string') query[key] = [before, value];
    else before.push(value);
  }
  return query;
}
