import type { Mistake } from '../errors.ts';
import { type DescribeChain, describePlace } from './dependency-chain.ts';
import { type Binding, bindingsOf, type Dependency, type ModuleGraph } from './graph.ts';
import { Scope } from './scope.ts';

/** Marks what can exist only within a connection, and returns the singletons that would need one. */
export function checkScopes(graph: ModuleGraph, describeChain: DescribeChain): readonly Mistake[] {
  const bindings = graph.modules.flatMap(bindingsOf);
  for (const binding of bindings) binding.needsConnection = wayToConnection(binding) !== undefined;
  return bindings.flatMap(binding => checkBinding(binding, describeChain));
}

/** What is wrong with the scopes that one binding brings together. */
export function checkBinding(binding: Binding, describeChain: DescribeChain): readonly Mistake[] {
  return binding.dependencies.flatMap(dependency => {
    if (dependency.binding?.source.kind === 'inquirer') return checkInquirer(binding, dependency);
    const way =
      isSingleton(binding) && dependency.binding !== undefined && wayToConnection(dependency.binding);
    return way
      ? [needsConnection(binding, dependency, [describeChain(binding), ...way.map(({ name }) => name)])]
      : [];
  });
}

/** Whether there is one instance for the application, which is created at start. */
export function isSingleton({ scope, source }: Binding): boolean {
  return scope === Scope.DEFAULT && source.kind !== 'existing';
}

/** From a binding to the connection-scoped one it is or passes on; transient ones and aliases pass on. */
function wayToConnection(binding: Binding, seen = new Set<Binding>()): readonly Binding[] | undefined {
  if (seen.has(binding) || isSingleton(binding)) return undefined;
  seen.add(binding);
  if (binding.scope === Scope.CONNECTION) return [binding];
  for (const { binding: next } of binding.dependencies) {
    const way = next === undefined ? undefined : wayToConnection(next, seen);
    if (way !== undefined) return [binding, ...way];
  }
  return undefined;
}

function needsConnection(binding: Binding, dependency: Dependency, chain: readonly string[]): Mistake {
  return {
    code: 'GATEWIRE_SCOPE_MISMATCH',
    where: describePlace(binding, dependency),
    what: `a singleton can't depend on ${chain.at(-1)}, which exists once per connection (${chain.join(' → ')})`,
    fix: `Decorate ${binding.name} with @Injectable({ scope: Scope.CONNECTION }), or pass it what it needs of a connection as an argument`,
  };
}

function checkInquirer(binding: Binding, dependency: Dependency): readonly Mistake[] {
  if (binding.scope === Scope.TRANSIENT || dependency.isOptional) return [];
  return [
    {
      code: 'GATEWIRE_SCOPE_MISMATCH',
      where: describePlace(binding, dependency),
      what: 'INQUIRER is for transient providers: this one serves many classes',
      fix: `Decorate ${binding.name} with @Injectable({ scope: Scope.TRANSIENT })`,
    },
  ];
}
