import { matchPath, type PathPattern } from './path-pattern.ts';

/** A target found for a path. */
export interface PathMatch<Target> {
  readonly target: Target;
  readonly params: Record<string, string>;
}

const RANK = { static: 0, parameter: 1, rest: 2 } as const;

interface Entry<Target> {
  readonly pattern: PathPattern;
  readonly target: Target;
}

/**
 * Finds a path's target where Bun's routes table does not: with a trailing slash, in `fetch`, and where an
 * ordinary HTTP route covers a socket's path. A static segment wins over a parameter, a parameter over `*`, as
 * in the table.
 */
export class PathRouter<Target> {
  /** By their first segment, so that the cost of a path does not grow with the routes. */
  readonly #static = new Map<string, Entry<Target>[]>();
  readonly #others: Entry<Target>[] = [];

  constructor(entries: readonly Entry<Target>[]) {
    for (const entry of [...entries].sort((one, other) => compare(one.pattern, other.pattern))) {
      const [first] = entry.pattern.segments;
      if (first?.kind !== 'static') this.#others.push(entry);
      else this.#static.set(first.text, [...(this.#static.get(first.text) ?? []), entry]);
    }
  }

  match(path: string): PathMatch<Target> | undefined {
    const end = path.indexOf('/', 1);
    const first = this.#static.get(path.slice(1, end === -1 ? undefined : end)) ?? [];
    return firstMatch(first, path) ?? firstMatch(this.#others, path);
  }
}

function firstMatch<Target>(entries: readonly Entry<Target>[], path: string): PathMatch<Target> | undefined {
  for (const { pattern, target } of entries) {
    const params = matchPath(pattern, path);
    if (params !== undefined) return { target, params };
  }
  return undefined;
}

function compare(one: PathPattern, other: PathPattern): number {
  const length = Math.max(one.segments.length, other.segments.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(one, at) - rank(other, at);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(pattern: PathPattern, at: number): number {
  const segment = pattern.segments[at];
  return segment === undefined ? 0 : RANK[segment.kind];
}
