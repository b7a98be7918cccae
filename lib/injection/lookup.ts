import { type Binding, findBinding, followAliases, type ModuleGraph, type ModuleNode } from './graph.ts';
import { nearestNames } from './nearest-names.ts';
import { Scope } from './scope.ts';
import { type Token, type Type, tokenName } from './token.ts';

/**
 * What a module has for a token: a controller, a class one of them names, or what it may inject.
 *
 * @throws Error with the nearest names when it has nothing
 */
export function findInModule(graph: ModuleGraph, token: Token, module: ModuleNode): Binding {
  const found = findClass(module, token) ?? findBinding(module, token);
  if (found !== undefined) return found;
  throw new Error(`${tokenName(token)} is not available in ${module.name}.${suggestNames(token, graph)}`);
}

/**
 * What any module has for a token; what the root module may inject comes first.
 *
 * @throws Error with the nearest names when none has anything
 */
export function findAnywhere(graph: ModuleGraph, token: Token): Binding {
  const visible = findBinding(graph.root, token);
  if (visible !== undefined) return visible;
  for (const module of graph.modules) {
    const found = module.providers.get(token) ?? findClass(module, token);
    if (found !== undefined) return found;
  }
  throw new Error(`No module provides ${tokenName(token)}.${suggestNames(token, graph)}`);
}

/** Lets only singletons through, whose instance there is without asking for a new one. @throws Error otherwise */
export function requireSingleton(binding: Binding): Binding {
  const target = followAliases(binding);
  const isTransient = target.scope === Scope.TRANSIENT;
  if (!isTransient && !target.needsConnection) return target;
  throw new Error(
    `${binding.name} has ${isTransient ? 'an instance for each class that injects it' : 'an instance for each connection'}: get one with resolve()`,
  );
}

function findClass({ controllers, injectables }: ModuleNode, token: Token): Binding | undefined {
  return controllers.get(token as Type) ?? injectables.get(token as Type);
}

function suggestNames(token: Token, { modules }: ModuleGraph): string {
  const known = modules.flatMap(({ providers, controllers }) => [
    ...providers.values(),
    ...controllers.values(),
  ]);
  const nearest = nearestNames(
    tokenName(token),
    known.map(({ name }) => name),
  );
  return nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
}
