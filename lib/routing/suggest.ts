import { nearestNames } from '../injection/nearest-names.ts';

/** `Did you mean "idleTimeout"? `, or nothing when no known name is near. */
export function suggest(name: string, known: Iterable<string>): string {
  const [nearest] = nearestNames(name, known);
  return nearest === undefined ? '' : `Did you mean "${nearest}"? `;
}
