import { type Binding, bindingsOf, type Dependency, type ModuleGraph } from './graph.ts';

/** Tells how an application comes to need a binding: `AppModule → ChatController → ChatService`. */
export type DescribeChain = (binding: Binding) => string;

/** Walks all bindings, controllers first, and remembers who needed each of them first. */
export function traceChains(graph: ModuleGraph): DescribeChain {
  const neededBy = new Map<Binding, Binding | undefined>();
  for (const start of startingPoints(graph)) {
    if (!neededBy.has(start)) neededBy.set(start, undefined);
    walk(start, neededBy);
  }
  return binding => {
    const chain = [binding];
    for (let by = neededBy.get(binding); by !== undefined; by = neededBy.get(by)) chain.unshift(by);
    return [(chain[0] as Binding).module.name, ...chain.map(({ name }) => name)].join(' → ');
  };
}

/** The place of a dependency as the user wrote it: `ChatService constructor parameter 0`. */
export function describePlace({ name, source }: Binding, { place }: Pick<Dependency, 'place'>): string {
  if (typeof place !== 'number') return `${name}.${String(place.property)}`;
  if (source.kind === 'factory') return `${name} inject[${place}]`;
  if (source.kind === 'existing') return `${name} useExisting`;
  return `${source.kind === 'class' ? source.type.name : name} constructor parameter ${place}`;
}

function startingPoints({ modules }: ModuleGraph): readonly Binding[] {
  const controllers = modules.flatMap(module => [...module.controllers.values()]);
  return [...controllers, ...modules.flatMap(bindingsOf)];
}

// Breadth first, so that the chain is the shortest one.
function walk(start: Binding, neededBy: Map<Binding, Binding | undefined>): void {
  const queue = [start];
  for (const binding of queue) {
    for (const { binding: needed } of binding.dependencies) {
      if (needed === undefined || neededBy.has(needed)) continue;
      neededBy.set(needed, binding);
      queue.push(needed);
    }
  }
}
