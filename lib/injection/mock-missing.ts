import { createBinding, type ModuleGraph } from './graph.ts';
import type { Unresolved } from './link-graph.ts';
import { Scope } from './scope.ts';
import type { Token } from './token.ts';

/** Makes what no module provides; nothing for what it does not make either. */
export type Mocker = (token: Token) => unknown;

/** Provides what is missing by a mock, one a token, which every module sees; returns what is missing still. */
export function mockMissing(
  graph: ModuleGraph,
  unresolved: readonly Unresolved[],
  mocker: Mocker,
): readonly Unresolved[] {
  const builtIn = graph.modules.at(-1) ?? graph.root;
  return unresolved.filter(({ dependency, token }) => {
    if (token === undefined) return true;
    if (!builtIn.providers.has(token)) {
      const value = mocker(token);
      if (value === undefined) return true;
      const source = { kind: 'value', value } as const;
      const mock = createBinding(builtIn, { token, source, scope: Scope.DEFAULT, dependencies: [] });
      builtIn.providers.set(token, mock);
      builtIn.exports.add(token);
    }
    dependency.binding = builtIn.providers.get(token);
    return false;
  });
}
