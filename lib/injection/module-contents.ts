import type { Mistake } from '../errors.ts';
import { isMistake } from './declaration-mistakes.ts';
import { type Binding, createBinding, type ModuleNode } from './graph.ts';
import type { ImportedModule } from './import-resolver.ts';
import { type ModuleMetadata, moduleMetadata } from './module-metadata.ts';
import { ModuleRef } from './module-ref.ts';
import type { Overrides } from './overrides.ts';
import { type DeclaredProvider, readClass, readOverride, readProvider } from './read-provider.ts';
import { Scope } from './scope.ts';
import { describeValue, isType, type Token, type Type } from './token.ts';

/** What the contents of every module are read with. */
export interface ContentOptions {
  readonly overrides: Overrides;
  /** The providers found for each token of which all are kept. */
  readonly collected: ReadonlyMap<Token, Binding[]>;
  readonly injectablesOf: (controller: Type, module: Type) => Iterable<Type>;
  readonly mistakes: Mistake[];
}

/** An entry of a module's lists, and its place for messages. */
export interface ListEntry {
  readonly entry: unknown;
  readonly where: string;
}

/** Puts the providers and controllers of a module into its node. */
export function fillModule(module: ModuleNode, imported: ImportedModule, options: ContentOptions): void {
  const own = createBinding(module, { ...readClass(module.type, module.type), scope: Scope.DEFAULT });
  module.providers.set(module.type, own);
  const moduleRef = {
    token: ModuleRef,
    source: { kind: 'moduleRef' },
    scope: Scope.DEFAULT,
    dependencies: [],
  } as const;
  module.providers.set(ModuleRef, createBinding(module, moduleRef));
  for (const provider of listOf(imported, 'providers', options.mistakes))
    bindProvider(module, provider, options);
  for (const controller of listOf(imported, 'controllers', options.mistakes)) {
    bindController(module, controller, options);
  }
}

/** A list of a module's metadata: its class's entries, then those of the dynamic module. */
export function listOf(
  { type, dynamic }: ImportedModule,
  key: keyof ModuleMetadata,
  mistakes: Mistake[],
): readonly ListEntry[] {
  const where = `${type.name} ${key}`;
  const entries: unknown[] = [];
  for (const list of [moduleMetadata(type)[key], dynamic?.[key]]) {
    if (list === undefined || list === null) continue;
    if (Array.isArray(list)) entries.push(...list);
    else mistakes.push(notAList(where, list));
  }
  return entries.map((entry, index) => ({ entry, where: `${where}[${index}]` }));
}

/** Adds a provider to a module; it replaces an earlier one of its token, unless all of them are kept. */
export function bindProvider(
  module: ModuleNode,
  { entry, where }: ListEntry,
  options: Omit<ContentOptions, 'injectablesOf'>,
): void {
  const { overrides, collected, mistakes } = options;
  const declared = replaceMade(readProvider(entry, where, overrides), where, options);
  if (isMistake(declared)) {
    mistakes.push(declared);
    return;
  }
  const kept = collected.get(declared.token);
  const binding = createBinding(module, declared);
  if (kept === undefined) {
    module.providers.set(declared.token, binding);
    return;
  }
  const unique = { ...binding, token: Symbol(binding.name) };
  module.providers.set(unique.token, unique);
  kept.push(unique);
}

/** A provider of which all are kept goes by the name of its class: that is what an override names. */
function replaceMade(
  declared: DeclaredProvider | Mistake,
  where: string,
  { overrides, collected }: Pick<ContentOptions, 'overrides' | 'collected'>,
): DeclaredProvider | Mistake {
  if (isMistake(declared) || declared.source.kind !== 'class' || !collected.has(declared.token))
    return declared;
  const override = overrides.provider(declared.source.type);
  return override === undefined ? declared : readOverride(declared.token, override, where);
}

function bindController(module: ModuleNode, { entry, where }: ListEntry, options: ContentOptions): void {
  if (!isType(entry)) {
    options.mistakes.push(notAController(where, entry));
    return;
  }
  // A class that is listed in `providers` too is one thing, which others may inject.
  const controller = module.providers.get(entry) ?? bindClass(module, entry, options);
  module.controllers.set(entry, controller);
  for (const type of options.injectablesOf(entry, module.type)) {
    // A class that the module provides too is one thing, as a controller is.
    if (!module.injectables.has(type)) {
      module.injectables.set(type, module.providers.get(type) ?? bindClass(module, type, options));
    }
  }
}

/** A class nobody injects: as nothing else could hold a transient one, it is a singleton. */
function bindClass(module: ModuleNode, type: Type, { overrides, mistakes }: ContentOptions): Binding {
  const declared = readProvider(type, type.name, overrides);
  if (isMistake(declared)) mistakes.push(declared);
  const { scope, ...rest } = isMistake(declared) ? readClass(type, type) : declared;
  return createBinding(module, { ...rest, scope: scope === Scope.TRANSIENT ? Scope.DEFAULT : scope });
}

function notAList(where: string, list: unknown): Mistake {
  return {
    code: 'GATEWIRE_INVALID_MODULE',
    where,
    what: 'not a list',
    got: describeValue(list),
    fix: 'Put what it holds into an array',
  };
}

function notAController(where: string, entry: unknown): Mistake {
  return {
    code: 'GATEWIRE_INVALID_PROVIDER',
    where,
    what: 'not a class',
    got: describeValue(entry),
    fix:
      entry === undefined
        ? 'Move what its file and this one both need into a third one: they import each other'
        : 'List classes only; how they are made is for providers',
  };
}
