import type { Overrides } from './overrides.ts';
import type { Scope } from './scope.ts';
import { type Token, type Type, tokenName } from './token.ts';

/** All modules of an application, scanned and linked. */
export interface ModuleGraph {
  readonly root: ModuleNode;
  /** In the order they were met, the root first and the built-in one last. */
  readonly modules: readonly ModuleNode[];
  /** Providers of the tokens that may be provided many times, by that token. */
  readonly collected: ReadonlyMap<Token, readonly Binding[]>;
  /** For what is read later than the modules. */
  readonly overrides: Overrides;
}

/** A module: a class with the metadata it was imported with. */
export interface ModuleNode {
  readonly type: Type;
  /** The class that others import and export it by: a replaced one's, when it takes its place in a test. */
  readonly importedAs: Type;
  readonly name: string;
  /** Steps from the root on the longest way of imports; global modules are the farthest. */
  distance: number;
  readonly imports: Set<ModuleNode>;
  /** The modules whose exports are there without an import; the same list in every node. */
  readonly globals: readonly ModuleNode[];
  /** By token; the module's own class and `ModuleRef` are among them. */
  readonly providers: Map<Token, Binding>;
  readonly controllers: Map<Type, Binding>;
  /** Classes that controllers name without providing them, such as guards. */
  readonly injectables: Map<Type, Binding>;
  /** Tokens of its own and classes of imported modules. */
  readonly exports: Set<Token>;
}

/** A provider or controller in its module: where its value comes from and what that needs. */
export interface Binding {
  readonly token: Token;
  readonly name: string;
  readonly module: ModuleNode;
  readonly source: Source;
  readonly scope: Scope;
  readonly dependencies: readonly Dependency[];
  /** Whether it can exist only within a connection, by its own scope or because it passes on one that does. */
  needsConnection: boolean;
}

export type Source =
  | { readonly kind: 'class'; readonly type: Type }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'factory'; readonly create: (...values: unknown[]) => unknown }
  /** The instance of its only dependency. */
  | { readonly kind: 'existing' }
  /** The `ModuleRef` of its module. */
  | { readonly kind: 'moduleRef' }
  /** One of the values a connection's scope is created with. */
  | { readonly kind: 'given' }
  /** The instance that a transient one is made for. */
  | { readonly kind: 'inquirer' };

export interface Dependency {
  /** A token or a forward reference, as declared; anything else is a mistake of the user. */
  readonly reference: unknown;
  /** The index of an argument, or the key of a property. */
  readonly place: number | { readonly property: string | symbol };
  readonly isOptional: boolean;
  /** What was found for it; nothing for an optional one that nobody provides. */
  binding: Binding | undefined;
  /** Whether it closes a circle and was declared with `forwardRef()`: it is not waited for. */
  isDeferred: boolean;
}

/** A module that holds nothing yet. */
export function createModule(
  { type, importedAs }: Pick<ModuleNode, 'type' | 'importedAs'>,
  globals: readonly ModuleNode[],
): ModuleNode {
  return {
    type,
    importedAs,
    name: tokenName(type),
    distance: 0,
    imports: new Set(),
    globals,
    providers: new Map(),
    controllers: new Map(),
    injectables: new Map(),
    exports: new Set(),
  };
}

/** A binding whose dependencies are not looked for yet. */
export function createBinding(
  module: ModuleNode,
  declared: Pick<Binding, 'token' | 'source' | 'scope' | 'dependencies'>,
): Binding {
  return { ...declared, name: tokenName(declared.token), module, needsConnection: false };
}

/** Every binding of a module: controllers first, then what they name, then providers. */
export function bindingsOf(module: ModuleNode): readonly Binding[] {
  return [
    ...new Set([
      ...module.controllers.values(),
      ...module.injectables.values(),
      ...module.providers.values(),
    ]),
  ];
}

/** The binding that an alias stands for in the end, or the binding itself. */
export function followAliases(binding: Binding): Binding {
  let followed = binding;
  while (followed.source.kind === 'existing') {
    const target = followed.dependencies[0]?.binding;
    if (target === undefined) return followed;
    followed = target;
  }
  return followed;
}

/** Whether a binding needs another one, itself or through others. */
export function reaches(from: Binding, to: Binding): boolean {
  const reached = new Set([from]);
  for (const binding of reached) {
    if (binding === to) return true;
    for (const { binding: next } of binding.dependencies) if (next !== undefined) reached.add(next);
  }
  return false;
}

/**
 * What a module injects for a token: its own provider, else one that an imported module exports, else one of
 * a global module. A provider that asks for its own token means the one of an imported module.
 */
export function findBinding(module: ModuleNode, token: Token, asking?: Binding): Binding | undefined {
  const own = module.providers.get(token);
  if (own !== undefined && own !== asking) return own;
  for (const visible of [...module.imports, ...module.globals]) {
    const found = findExported(visible, token, new Set([module]));
    if (found !== undefined) return found;
  }
  return own;
}

/** What a module offers to those that import it. */
export function findExported(
  module: ModuleNode,
  token: Token,
  seen = new Set<ModuleNode>(),
): Binding | undefined {
  if (seen.has(module)) return undefined;
  seen.add(module);
  const own = module.exports.has(token) ? module.providers.get(token) : undefined;
  if (own !== undefined) return own;
  for (const imported of module.imports) {
    const found = module.exports.has(imported.importedAs) ? findExported(imported, token, seen) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
