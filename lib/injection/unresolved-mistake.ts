import type { Mistake } from '../errors.ts';
import { type DescribeChain, describePlace } from './dependency-chain.ts';
import { type Binding, findExported, type ModuleGraph, type ModuleNode } from './graph.ts';
import { tokenOf, type Unresolved } from './link-graph.ts';
import { nearestNames } from './nearest-names.ts';
import { describeValue, isForwardReference, type Token, tokenName } from './token.ts';

/** Says what could not be injected, how the application came to need it, and where it could come from. */
export function unresolvedMistake(
  { binding, dependency, token }: Unresolved,
  graph: ModuleGraph,
  describeChain: DescribeChain,
): Mistake {
  const where = describePlace(binding, dependency);
  if (token === undefined) return untyped(where, dependency.reference);
  const chain = `${describeChain(binding)} → ${tokenName(token)}(?)`;
  return {
    code: 'GATEWIRE_MISSING_PROVIDER',
    where,
    what: `${describeMissing({ binding, dependency, token })} is not available in ${binding.module.name} (${chain})`,
    fix: suggestSource(token, binding.module, graph),
  };
}

function untyped(where: string, reference: unknown): Mistake {
  const isMissing = reference === undefined || isForwardReference(reference);
  return {
    code: 'GATEWIRE_UNTYPED_PARAMETER',
    where,
    what: isMissing
      ? 'the class to inject is not there, most often because its file and this one import each other'
      : 'its type is not a class that can be injected',
    got: isMissing ? 'undefined' : describeValue(reference),
    fix: isMissing
      ? 'Use @Inject(forwardRef(() => TheClass)) on both sides'
      : 'Import the class with "import", not "import type", or name a token with @Inject(TOKEN); where its file and this one import each other, use @Inject(forwardRef(() => TheClass))',
  };
}

// The shape of NestJS's message, which its users know by heart.
function describeMissing({ binding, dependency, token }: Unresolved & { readonly token: Token }): string {
  const { name, source, dependencies } = binding;
  const { place } = dependency;
  if (source.kind === 'existing') return `${name} stands for ${tokenName(token)}, which`;
  if (typeof place !== 'number') {
    return `can't resolve property "${String(place.property)}" of ${name}: ${tokenName(token)}`;
  }
  const list = dependencies
    .filter(other => typeof other.place === 'number')
    .map(other => {
      if (other === dependency) return '?';
      const known = tokenOf(other);
      return known === undefined ? '+' : tokenName(known);
    });
  return `can't resolve dependencies of ${name} (${list.join(', ')}): argument ${tokenName(token)} at index [${place}]`;
}

function suggestSource(token: Token, module: ModuleNode, graph: ModuleGraph): string {
  const name = tokenName(token);
  const exporting = graph.modules.find(other => findExported(other, token) !== undefined);
  if (exporting !== undefined)
    return `${exporting.name} exports ${name}: add it to the imports of ${module.name}`;
  const having = graph.modules.find(other => other.providers.has(token));
  if (having !== undefined) return suggestExport(name, having, module);
  return `${suggestNames(name, graph)}Add ${name} to the providers of ${module.name}, or import a module that exports it`;
}

function suggestExport(name: string, having: ModuleNode, module: ModuleNode): string {
  const then = module.imports.has(having) ? '' : ` and import ${having.name} in ${module.name}`;
  return `${having.name} has ${name} but does not export it: add it to its exports${then}`;
}

function suggestNames(name: string, { modules }: ModuleGraph): string {
  const known = modules.flatMap(({ providers }) => [...providers.values()]);
  if (known.some(binding => binding.name === name)) return describeNamesake(name, known);
  const nearest = nearestNames(
    name,
    known.map(binding => binding.name),
  );
  return nearest.length === 0 ? '' : `Did you mean ${nearest.join(' or ')}? `;
}

// Tokens are compared by identity, so a copy of a class, in a second bundle or package, is another token.
function describeNamesake(name: string, known: readonly Binding[]): string {
  const namesake = known.find(binding => binding.name === name);
  return `${namesake?.module.name} provides another ${name}: import both from the same file. `;
}
