import type { Mistake } from '../errors.ts';
import { type Binding, bindingsOf, type ModuleGraph } from './graph.ts';
import { nearestNames } from './nearest-names.ts';
import { type Token, type Type, tokenName } from './token.ts';

/** The overrides of what is not there: the test would run with the real thing and not say so. */
export function checkOverrides(graph: ModuleGraph): readonly Mistake[] {
  const { unusedProviders, unusedModules } = graph.overrides;
  return [
    ...unusedProviders.map(token => unknownProvider(token, graph)),
    ...unusedModules.map(type => unknownModule(type, graph)),
  ];
}

function unknownProvider(token: Token, graph: ModuleGraph): Mistake {
  const name = tokenName(token);
  return {
    code: 'GATEWIRE_UNKNOWN_OVERRIDE',
    where: `override of ${name}`,
    what: `no module provides ${name}, and no controller names it`,
    fix:
      suggestProvider(token, graph) ??
      `Import the module that provides ${name} into the test, or take the override out`,
  };
}

function suggestProvider(token: Token, { modules }: ModuleGraph): string | undefined {
  const name = tokenName(token);
  if (modules.some(({ type }) => type === token)) return `${name} is a module: override it as one`;
  const bindings = modules.flatMap(bindingsOf);
  const made = bindings.find(binding => isMadeOf(binding, token));
  if (made !== undefined) return `${made.module.name} provides it as ${made.name}: override that`;
  const namesake = bindings.find(binding => binding.name === name);
  if (namesake !== undefined)
    return `${namesake.module.name} has another ${name}: import both from the same file`;
  return didYouMean(
    name,
    bindings.map(binding => binding.name),
  );
}

function isMadeOf({ source }: Binding, token: Token): boolean {
  return source.kind === 'class' && source.type === token;
}

function unknownModule(type: Type, { modules }: ModuleGraph): Mistake {
  const name = tokenName(type);
  const names = modules.map(module => module.name);
  return {
    code: 'GATEWIRE_UNKNOWN_OVERRIDE',
    where: `override of ${name}`,
    what: `no module imports ${name}`,
    fix: didYouMean(name, names) ?? `Import ${name} into the test, or take the override out`,
  };
}

function didYouMean(name: string, known: readonly string[]): string | undefined {
  const nearest = nearestNames(name, known);
  return nearest.length === 0 ? undefined : `Did you mean ${nearest.join(' or ')}?`;
}
