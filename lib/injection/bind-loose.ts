import { ConfigurationError } from '../errors.ts';
import { checkClass } from './check-classes.ts';
import { checkBinding } from './check-scopes.ts';
import { isMistake } from './declaration-mistakes.ts';
import { type Binding, createBinding, type ModuleGraph, type ModuleNode } from './graph.ts';
import { linkBinding } from './link-graph.ts';
import { readProvider } from './read-provider.ts';
import { Scope } from './scope.ts';
import type { Type } from './token.ts';
import { unresolvedMistake } from './unresolved-mistake.ts';

/**
 * Binds a class that no module provides, or what overrides it, with what a module may inject; each instance
 * is a new one.
 *
 * @throws ConfigurationError when something it asks for is not there
 */
export function bindLoose(type: Type, module: ModuleNode, graph: ModuleGraph): Binding {
  const declared = readProvider(type, type.name, graph.overrides);
  if (isMistake(declared)) throw new ConfigurationError([declared]);
  const binding = createBinding(module, { ...declared, scope: Scope.TRANSIENT });
  const describeChain = () => `${module.name} → ${binding.name}`;
  const mistakes = [
    ...(declared.source.kind === 'class' ? checkClass(declared.source.type) : []),
    ...linkBinding(binding).map(missing => unresolvedMistake(missing, graph, describeChain)),
    ...checkBinding(binding, describeChain),
  ];
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return binding;
}
