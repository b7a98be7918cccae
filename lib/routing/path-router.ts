import { matchPath, type PathPattern } from './path-pattern.ts';

/** A target found for a path. */
export interface PathMatch<Target> {
  readonly target: Target;
  readonly params: Record<string, string>;
}

const RANK = { static: 0, parameter: 1, rest: 2 } as const;

/**
 * Finds a path's target where Bun's routes table cannot: in `fetch`, and where an ordinary HTTP route
 * covers a socket's path. A static segment wins over a parameter, a parameter over `*`, as in the table.
 */
export class PathRouter<Target> {
  readonly #entries: readonly { readonly pattern: PathPattern; readonly target: Target }[];

  constructor(entries: readonly { readonly pattern: PathPattern; readonly target: Target }[]) {
    this.#entries = [...entries].sort((one, other) => compare(one.pattern, other.pattern));
  }

  match(path: string): PathMatch<Target> | undefined {
    for (const { pattern, target } of this.#entries) {
      const params = matchPath(pattern, path);
      if (params !== undefined) return { target, params };
    }
    return undefined;
  }
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
