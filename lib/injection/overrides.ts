import type { ModuleImport } from './module-metadata.ts';
import type { ProviderOverride } from './provider.ts';
import type { Token, Type } from './token.ts';

/** What a test puts in the place of providers and modules. */
export interface OverrideOptions {
  /** What takes the place of providers, controllers and what those name, by token, wherever they are. */
  readonly overrides?: ReadonlyMap<Token, ProviderOverride>;
  /** What takes the place of modules, by their class. */
  readonly moduleOverrides?: ReadonlyMap<Type, ModuleImport>;
}

/** The one place that knows what is overridden: whoever reads a provider or an import asks it. */
export class Overrides {
  readonly #providers: ReadonlyMap<Token, ProviderOverride>;
  readonly #modules: ReadonlyMap<Type, ModuleImport>;
  readonly #readProviders = new Set<Token>();
  readonly #readModules = new Set<Type>();

  constructor({ overrides = new Map(), moduleOverrides = new Map() }: OverrideOptions = {}) {
    this.#providers = overrides;
    this.#modules = moduleOverrides;
  }

  /** What to provide for a token instead of what was declared. */
  provider(token: Token): ProviderOverride | undefined {
    this.#readProviders.add(token);
    return this.#providers.get(token);
  }

  /** What to import instead of a module. */
  module(type: Type): ModuleImport | undefined {
    this.#readModules.add(type);
    return this.#modules.get(type);
  }

  /** The tokens of overrides that nobody asked for. */
  get unusedProviders(): readonly Token[] {
    return [...this.#providers.keys()].filter(token => !this.#readProviders.has(token));
  }

  /** The modules to override that nobody imported. */
  get unusedModules(): readonly Type[] {
    return [...this.#modules.keys()].filter(type => !this.#readModules.has(type));
  }
}
