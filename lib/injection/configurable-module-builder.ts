import {
  type ConfigurableModule,
  type ConfigurableModuleClass,
  type ConfigurableModulePlan,
  createConfigurableClass,
} from './configurable-module.ts';
import type { DynamicModule } from './module-metadata.ts';

/** How a configurable module's token is called. */
export interface ConfigurableModuleBuilderOptions {
  /** Names the token of the options in messages: `Cache` makes it `CACHE_MODULE_OPTIONS`. */
  readonly moduleName?: string;
  /** The token of the options. Default: one of its own, which `build()` returns. */
  readonly optionsInjectionToken?: string | symbol;
}

/**
 * Writes the `register()` and `registerAsync()` of a module that takes options.
 *
 * @example
 * ```ts
 * const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
 *   new ConfigurableModuleBuilder<CacheOptions>({ moduleName: 'Cache' }).setClassMethodName('forRoot').build();
 *
 * @Module({ providers: [Cache], exports: [Cache] })
 * export class CacheModule extends ConfigurableModuleClass {}
 * ```
 */
export class ConfigurableModuleBuilder<
  Options,
  Method extends string = 'register',
  FactoryMethod extends string = 'create',
  Extras extends object = object,
> {
  readonly #options: ConfigurableModuleBuilderOptions;
  readonly #plan: ConfigurableModulePlan<Extras>;

  constructor(options: ConfigurableModuleBuilderOptions = {}, plan?: ConfigurableModulePlan<Extras>) {
    this.#options = options;
    this.#plan = plan ?? {
      method: 'register',
      factoryMethod: 'create',
      extras: {} as Extras,
      transform: definition => definition,
    };
  }

  /** Names the static method. Default `register`; the other is called the same and `Async`. */
  setClassMethodName<Name extends string>(
    name: Name,
  ): ConfigurableModuleBuilder<Options, Name, FactoryMethod, Extras> {
    return new ConfigurableModuleBuilder(this.#options, { ...this.#plan, method: name });
  }

  /** Names the method by which a class given as `useClass` or `useExisting` makes the options. Default `create`. */
  setFactoryMethodName<Name extends string>(
    name: Name,
  ): ConfigurableModuleBuilder<Options, Method, Name, Extras> {
    return new ConfigurableModuleBuilder(this.#options, { ...this.#plan, factoryMethod: name });
  }

  /** Adds options that change the module itself, such as `isGlobal`, with their defaults and what they do. */
  setExtras<More extends object>(
    extras: More,
    transform: (definition: DynamicModule, extras: More) => DynamicModule = definition => definition,
  ): ConfigurableModuleBuilder<Options, Method, FactoryMethod, More> {
    return new ConfigurableModuleBuilder(this.#options, { ...this.#plan, extras, transform });
  }

  /** Gives the class that the module's own extends, and the token of its options. */
  build(): ConfigurableModule<Options, Method, FactoryMethod, Extras> {
    const token = this.#options.optionsInjectionToken ?? optionsToken(this.#options.moduleName);
    const type = createConfigurableClass(token, this.#plan);
    return {
      ConfigurableModuleClass: type as ConfigurableModuleClass<Options, Method, FactoryMethod, Extras>,
      MODULE_OPTIONS_TOKEN: token,
    } as ConfigurableModule<Options, Method, FactoryMethod, Extras>;
  }
}

function optionsToken(moduleName: string | undefined): string | symbol {
  if (moduleName === undefined) return Symbol('MODULE_OPTIONS');
  const words = moduleName.trim().split(/(?=[A-Z])/);
  return `${words.join('_').toUpperCase()}_MODULE_OPTIONS`;
}
