import type { Mistake } from '../errors.ts';
import { builtInModule } from './built-in-module.ts';
import { checkOverrides } from './check-overrides.ts';
import { isMistake } from './declaration-mistakes.ts';
import { type Binding, createModule, type ModuleGraph, type ModuleNode } from './graph.ts';
import { type ImportedModule, ImportResolver } from './import-resolver.ts';
import { bindProvider, type ContentOptions, fillModule, listOf } from './module-contents.ts';
import { measureDistances } from './module-distances.ts';
import { expectRejections, isGlobalModule } from './module-metadata.ts';
import { type OverrideOptions, Overrides } from './overrides.ts';
import type { Provider } from './provider.ts';
import { readExports } from './read-exports.ts';
import type { Token, Type } from './token.ts';

/** What surrounds the modules of an application. */
export interface ScanOptions extends OverrideOptions {
  /** Providers that every module may inject. */
  readonly providers?: readonly Provider[];
  /** Tokens of the values that a connection's scope is created with; `REQUEST` is always among them. */
  readonly scopeTokens?: readonly Token[];
  /** Tokens that several providers may have, each of which is kept, such as `APP_GUARD`. */
  readonly collectedTokens?: readonly Token[];
  /** Classes that a controller names without providing them, such as its guards; they join its module. */
  readonly injectablesOf?: (controller: Type, module: Type) => Iterable<Type>;
  /** Seconds that each dynamic module has to be made; 0 is for ever. */
  readonly startTimeout?: number;
}

/** Finds every module from the root on with its bindings. It calls nothing but what makes dynamic modules. */
export function scanModules(root: unknown, options: ScanOptions, mistakes: Mistake[]): Promise<ModuleGraph> {
  return new ModuleScanner(options, mistakes).scan(root);
}

class ModuleScanner {
  readonly #options: ScanOptions;
  readonly #contents: ContentOptions;
  readonly #resolver: ImportResolver;
  /** By class, or by the object of a dynamic module. */
  readonly #modules = new Map<object, ModuleNode>();
  readonly #globals: ModuleNode[] = [];

  constructor(options: ScanOptions, mistakes: Mistake[]) {
    this.#options = options;
    const overrides = new Overrides(options);
    this.#resolver = new ImportResolver(overrides, options.startTimeout);
    this.#contents = {
      overrides,
      collected: new Map((options.collectedTokens ?? []).map(token => [token, [] as Binding[]])),
      injectablesOf: options.injectablesOf ?? (() => []),
      mistakes,
    };
  }

  async scan(root: unknown): Promise<ModuleGraph> {
    const builtIn = this.#builtIn();
    const rootModule = (await this.#include(root, 'root module')) ?? builtIn;
    this.#globals.push(builtIn);
    measureDistances(rootModule, this.#globals);
    const modules = [...this.#modules.values(), builtIn];
    const { collected, overrides, mistakes } = this.#contents;
    const graph = { root: rootModule, modules, collected, overrides };
    // What could not be read may be what was to be overridden.
    if (mistakes.length === 0) mistakes.push(...checkOverrides(graph));
    return graph;
  }

  #builtIn(): ModuleNode {
    const { providers = [], scopeTokens = [] } = this.#options;
    const module = builtInModule(this.#globals, scopeTokens);
    for (const [index, entry] of providers.entries()) {
      bindProvider(module, { entry, where: `built-in providers[${index}]` }, this.#contents);
    }
    for (const token of module.providers.keys()) module.exports.add(token);
    return module;
  }

  /** The node of an imported module, filled with all it imports; `undefined` when the import is a mistake. */
  async #include(entry: unknown, where: string): Promise<ModuleNode | undefined> {
    const imported = await this.#resolver.resolve(entry, where);
    if (isMistake(imported)) {
      this.#contents.mistakes.push(imported);
      return undefined;
    }
    const key = imported.dynamic ?? imported.type;
    return this.#modules.get(key) ?? this.#add(key, imported);
  }

  async #add(key: object, imported: ImportedModule): Promise<ModuleNode> {
    const { mistakes } = this.#contents;
    const module = createModule(imported, this.#globals);
    this.#modules.set(key, module);
    if (imported.dynamic?.global === true || isGlobalModule(imported.type)) this.#globals.push(module);
    fillModule(module, imported, this.#contents);
    expectRejections(imported.dynamic?.imports);
    for (const { entry, where } of listOf(imported, 'imports', mistakes)) {
      const found = await this.#include(entry, where);
      if (found !== undefined) module.imports.add(found);
    }
    mistakes.push(...readExports(module, listOf(imported, 'exports', mistakes)));
    return module;
  }
}
