import { createBinding, createModule, type ModuleNode, type Source } from './graph.ts';
import { INQUIRER, REQUEST, Scope } from './scope.ts';
import type { Token } from './token.ts';

/** The module that every other one sees: `INQUIRER`, and the values of a connection by their tokens. */
export function builtInModule(globals: readonly ModuleNode[], scopeTokens: readonly Token[]): ModuleNode {
  const type = class Gatewire {};
  const module = createModule({ type, importedAs: type }, globals);
  const provide = (token: Token, source: Source, scope: Scope) =>
    module.providers.set(token, createBinding(module, { token, source, scope, dependencies: [] }));
  provide(INQUIRER, { kind: 'inquirer' }, Scope.TRANSIENT);
  for (const token of [REQUEST, ...scopeTokens]) provide(token, { kind: 'given' }, Scope.CONNECTION);
  return module;
}
