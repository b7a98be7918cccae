import type { Binding, ModuleNode } from './graph.ts';
import type { Instance } from './instance.ts';

/** An object whose lifecycle hooks are called, and its name for messages. */
export interface Member {
  readonly name: string;
  readonly object: object;
}

/**
 * The objects that were created, in stages: the farthest modules first, within a module those that depend on
 * nothing first. What is in one stage depends on nothing else in it. A module's own class has the given level.
 */
export function lifecycleStages(
  modules: readonly ModuleNode[],
  created: readonly Instance[],
  moduleClassLevel: number,
): readonly (readonly Member[])[] {
  const levelOf = createLevels();
  const seen = new Set<unknown>();
  const levels = new Map<ModuleNode, Map<number, Member[]>>(modules.map(module => [module, new Map()]));
  for (const { binding, value } of created) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const level = binding.token === binding.module.type ? moduleClassLevel : levelOf(binding);
    const inModule = levels.get(binding.module);
    inModule?.set(level, [...(inModule.get(level) ?? []), { name: binding.name, object: value }]);
  }
  return modules
    .toSorted((one, other) => other.distance - one.distance || 0)
    .flatMap(module => [...(levels.get(module) ?? [])].toSorted(([one], [other]) => one - other))
    .map(([, members]) => members);
}

/** How many steps a binding is above those that depend on nothing. */
function createLevels(): (binding: Binding) => number {
  const known = new Map<Binding, number>();
  const levelOf = (binding: Binding): number => {
    const level = known.get(binding) ?? 1 + Math.max(0, ...needs(binding).map(levelOf));
    known.set(binding, level);
    return level;
  };
  return levelOf;
}

// Without the ends of forward references, which close circles.
function needs({ dependencies }: Binding): readonly Binding[] {
  return dependencies.flatMap(({ binding, isDeferred }) =>
    binding === undefined || isDeferred ? [] : [binding],
  );
}
