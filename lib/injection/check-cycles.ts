import type { Mistake } from '../errors.ts';
import { type Binding, bindingsOf, type Dependency, type ModuleGraph, reaches } from './graph.ts';
import { Scope } from './scope.ts';
import { isForwardReference } from './token.ts';

/**
 * Marks the forward references that close a circle, so that nobody waits for them, and returns the circles
 * that cannot be made: those without a forward reference, and those of transient providers only.
 */
export function checkCycles(graph: ModuleGraph): readonly Mistake[] {
  const bindings = graph.modules.flatMap(bindingsOf);
  for (const binding of bindings) markDeferred(binding);
  const direct = findCycles(bindings, (_, { isDeferred }) => !isDeferred);
  const endless = findCycles(bindings, (from, { binding: to }) => isTransient(from) && isTransient(to));
  return [
    ...direct.map(directCycle),
    ...endless.filter(cycle => !direct.some(other => other.includes(cycle[0] as Binding))).map(endlessCycle),
  ];
}

function markDeferred(binding: Binding): void {
  // An alias has no instance of its own that something could stand in for.
  if (binding.source.kind === 'existing') return;
  for (const dependency of binding.dependencies) {
    if (dependency.binding === undefined || !isForwardReference(dependency.reference)) continue;
    dependency.isDeferred = reaches(dependency.binding, binding);
  }
}

/** Circles of the dependencies that count, one of each group that hangs together. */
function findCycles(
  bindings: readonly Binding[],
  counts: (from: Binding, dependency: Dependency) => boolean,
): readonly (readonly Binding[])[] {
  const cycles: Binding[][] = [];
  const finished = new Set<Binding>();
  const path: Binding[] = [];
  const visit = (binding: Binding): void => {
    if (finished.has(binding)) return;
    if (path.includes(binding)) {
      cycles.push(path.slice(path.indexOf(binding)));
      return;
    }
    path.push(binding);
    for (const dependency of binding.dependencies) {
      if (dependency.binding !== undefined && counts(binding, dependency)) visit(dependency.binding);
    }
    path.pop();
    finished.add(binding);
  };
  for (const binding of bindings) visit(binding);
  return cycles;
}

function isTransient(binding: Binding | undefined): boolean {
  return binding?.scope === Scope.TRANSIENT;
}

function directCycle(cycle: readonly Binding[]): Mistake {
  const [first, second = first] = cycle as readonly [Binding, Binding?];
  return {
    code: 'GATEWIRE_CIRCULAR_DEPENDENCY',
    where: first.name,
    what: `circular dependency ${describe(cycle)}`,
    fix:
      first === second
        ? `Take ${first.name} out of its own dependencies`
        : `Use forwardRef(() => ${second.name}) on both sides, or move what they share into a third provider`,
  };
}

function endlessCycle(cycle: readonly Binding[]): Mistake {
  const [first] = cycle as readonly [Binding];
  return {
    code: 'GATEWIRE_CIRCULAR_DEPENDENCY',
    where: first.name,
    what: `circular dependency of transient providers only, which would never end: ${describe(cycle)}`,
    fix: 'Give one of them another scope than Scope.TRANSIENT',
  };
}

function describe(cycle: readonly Binding[]): string {
  return [...cycle, cycle[0] as Binding].map(({ name }) => name).join(' → ');
}
