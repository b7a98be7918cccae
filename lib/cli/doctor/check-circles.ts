import type { Finding } from './finding.ts';
import { resolveImport, type SourceFile } from './source-file.ts';

/**
 * Files that import each other when they are loaded. It is an error where a decorated parameter or property has the
 * type of such an import, for that is read at once: `Cannot access 'B' before initialization`.
 */
export function checkCircles(sources: readonly SourceFile[]): readonly Finding[] {
  const graph = importGraph(sources);
  const reported = new Set<SourceFile>();
  return sources.flatMap(source => {
    if (reported.has(source)) return [];
    const circle = shortestCircle(source, graph);
    if (circle === undefined) return [];
    for (const file of circle) reported.add(file);
    return [findingOf(circle, source)];
  });
}

type Graph = ReadonlyMap<SourceFile, readonly SourceFile[]>;

function importGraph(sources: readonly SourceFile[]): Graph {
  const byPath = new Map(sources.map(source => [source.path, source]));
  const targets = (source: SourceFile) =>
    source.loads.flatMap(load => byPath.get(resolveImport(load, source.path) ?? '') ?? []);
  return new Map(sources.map(source => [source, targets(source)]));
}

/** The fewest imports that lead from a file back to itself. */
function shortestCircle(start: SourceFile, graph: Graph): readonly SourceFile[] | undefined {
  const seen = new Set<SourceFile>();
  let paths: (readonly SourceFile[])[] = [[start]];
  while (paths.length > 0) {
    const longer = paths.flatMap(path =>
      (graph.get(path.at(-1) ?? start) ?? []).map(next => [...path, next]),
    );
    const closed = longer.find(path => path.at(-1) === start);
    if (closed !== undefined) return closed.slice(0, -1);
    paths = longer.filter(path => {
      const end = path.at(-1) ?? start;
      return !seen.has(end) && seen.add(end);
    });
  }
  return undefined;
}

function findingOf(circle: readonly SourceFile[], start: SourceFile): Finding {
  const where = [...circle, start].map(({ name }) => name).join(' → ');
  const fatal = circle.flatMap(source => typeFrom(source, circle))[0];
  if (fatal === undefined) {
    return {
      level: 'warning',
      where,
      what: 'these files import each other; what one of them uses while it is loaded may not be there yet',
      fix: 'Move what both need into a file of its own, or import types with "import type"',
    };
  }
  return {
    level: 'error',
    where,
    what: `these files import each other, and ${fatal.where} has the type ${fatal.type}, which is read while they are loaded`,
    fix: `Move what both need into a file of its own; or keep the import for forwardRef(() => ${fatal.type}), and take the type by another name: import type { ${fatal.type} as ${fatal.type}Type }`,
  };
}

/** A reflected type of a file that comes from another file of the circle. */
function typeFrom(source: SourceFile, circle: readonly SourceFile[]): { where: string; type: string }[] {
  const others = new Set(circle.filter(other => other !== source).map(({ path }) => path));
  const names = source.imports
    .filter(({ from }) => others.has(resolveImport(from, source.path) ?? ''))
    .flatMap(statement => statement.names.filter(({ isTypeOnly }) => !isTypeOnly).map(({ local }) => local));
  return source.decorations.flatMap(({ className, member, type, parameters }) => {
    const types = [type, ...parameters.map(parameter => parameter.type)];
    const found = types.find(candidate => names.includes(candidate?.split('.')[0] ?? ''));
    return found === undefined
      ? []
      : [{ where: member === undefined ? className : `${className}.${member}`, type: found }];
  });
}
