import type { Mistake } from '../errors.ts';
import { checkClasses } from './check-classes.ts';
import { checkCycles } from './check-cycles.ts';
import { checkScopes } from './check-scopes.ts';
import { traceChains } from './dependency-chain.ts';
import type { ModuleGraph } from './graph.ts';
import { linkGraph } from './link-graph.ts';
import { type Mocker, mockMissing } from './mock-missing.ts';
import { checkExports } from './read-exports.ts';
import { unresolvedMistake } from './unresolved-mistake.ts';

/** Links every dependency and returns all that would keep the application from being created. */
export function checkGraph(graph: ModuleGraph, mocker?: Mocker): readonly Mistake[] {
  const missing = linkGraph(graph);
  const unresolved = mocker === undefined ? missing : mockMissing(graph, missing, mocker);
  const describeChain = traceChains(graph);
  return [
    ...checkClasses(graph),
    ...checkExports(graph.modules),
    ...unresolved.map(one => unresolvedMistake(one, graph, describeChain)),
    ...checkCycles(graph),
    ...checkScopes(graph, describeChain),
  ];
}
