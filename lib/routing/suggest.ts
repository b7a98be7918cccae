/** ` Did you mean "idleTimeout"?`, or nothing when no known name is near. */
export function suggest(name: string, known: Iterable<string>): string {
  const nearest = [...known]
    .map(candidate => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((one, other) => one.distance - other.distance)[0];
  return nearest === undefined ? '' : `did you mean "${nearest.candidate}"? `;
}

/** Letters to insert, delete or replace to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [other, target] of [...to].entries()) {
      const replaced = (row[other] ?? 0) + (letter === target ? 0 : 1);
      next.push(Math.min(replaced, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
