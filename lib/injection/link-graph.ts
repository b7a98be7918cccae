import { type Binding, bindingsOf, type Dependency, findBinding, type ModuleGraph } from './graph.ts';
import { followReference, isForwardReference, isToken, type Token } from './token.ts';

/** A dependency that nothing was found for. */
export interface Unresolved {
  readonly binding: Binding;
  readonly dependency: Dependency;
  /** What was asked for; `undefined` when it is nothing that can be asked for. */
  readonly token: Token | undefined;
}

// What the compiler writes for a parameter whose type is not a class: it can be no token by accident.
const UNNAMED_TYPES = new Set<unknown>([
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  BigInt,
  Promise,
]);

/** Finds the binding of every dependency, and returns those that have none. */
export function linkGraph(graph: ModuleGraph): readonly Unresolved[] {
  return graph.modules.flatMap(module => bindingsOf(module).flatMap(linkBinding));
}

/** Finds what one binding depends on, in its module. */
export function linkBinding(binding: Binding): readonly Unresolved[] {
  return binding.dependencies.flatMap(dependency => {
    const token = tokenOf(dependency);
    dependency.binding = token === undefined ? undefined : findBinding(binding.module, token, binding);
    const isFine = dependency.binding !== undefined || dependency.isOptional;
    return isFine ? [] : [{ binding, dependency, token }];
  });
}

/** What a dependency asks for, its forward reference followed; `undefined` when that is not a token. */
export function tokenOf({ reference }: Dependency): Token | undefined {
  const token = isForwardReference(reference) ? followReference(reference) : reference;
  return isToken(token) && !UNNAMED_TYPES.has(token) ? token : undefined;
}
