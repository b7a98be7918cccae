import type { DynamicModule, ModuleMetadata } from './module-metadata.ts';
import type { ClassProvider, FactoryDependency, FactoryProvider, Provider } from './provider.ts';
import type { Token, Type } from './token.ts';

/** What the `…Async()` method takes: where the options come from, in one of three ways. */
export interface ConfigurableModuleAsyncOptions<Options, FactoryMethod extends string = 'create'>
  extends Pick<ModuleMetadata, 'imports'> {
  // biome-ignore lint/suspicious/noExplicitAny: the tokens in `inject` decide the parameters
  readonly useFactory?: (...providers: any[]) => Options | Promise<Options>;
  readonly inject?: readonly FactoryDependency[];
  /** A class that makes the options by its factory method; it is created in the module. */
  readonly useClass?: Type<ConfigurableModuleOptionsFactory<Options, FactoryMethod>>;
  /** The same, of which an imported module has an instance. */
  readonly useExisting?: Type<ConfigurableModuleOptionsFactory<Options, FactoryMethod>>;
}

/** A class that makes the options of a module, by a method of this name. */
export type ConfigurableModuleOptionsFactory<Options, FactoryMethod extends string = 'create'> = Record<
  FactoryMethod,
  () => Options | Promise<Options>
>;

/** A class with the two static methods that make a dynamic module of it and its subclasses. */
export type ConfigurableModuleClass<Options, Method extends string, FactoryMethod extends string, Extras> = {
  new (): object;
} & Record<Method, (options: Options & Partial<Extras>) => DynamicModule> &
  Record<
    `${Method}Async`,
    (options: ConfigurableModuleAsyncOptions<Options, FactoryMethod> & Partial<Extras>) => DynamicModule
  >;

/** What `ConfigurableModuleBuilder` builds. */
export interface ConfigurableModule<Options, Method extends string, FactoryMethod extends string, Extras> {
  /** To be extended by the module's own class. */
  readonly ConfigurableModuleClass: ConfigurableModuleClass<Options, Method, FactoryMethod, Extras>;
  /** The token that the options are injected by. */
  readonly MODULE_OPTIONS_TOKEN: string | symbol;
  /** Only for `typeof OPTIONS_TYPE`: what the method takes. */
  readonly OPTIONS_TYPE: Options & Partial<Extras>;
  /** Only for `typeof ASYNC_OPTIONS_TYPE`: what the `…Async()` method takes. */
  readonly ASYNC_OPTIONS_TYPE: ConfigurableModuleAsyncOptions<Options, FactoryMethod> & Partial<Extras>;
}

/** What a configurable module's class is written from. */
export interface ConfigurableModulePlan<Extras extends object> {
  readonly method: string;
  readonly factoryMethod: string;
  /** Options that are for the module rather than its providers, with their defaults. */
  readonly extras: Extras;
  readonly transform: (definition: DynamicModule, extras: Extras) => DynamicModule;
}

// What an `…Async()` method takes beside the extras.
const ASYNC_KEYS = ['useFactory', 'useClass', 'useExisting', 'inject', 'imports'];

/** Writes the class whose static methods make dynamic modules that provide their options by a token. */
export function createConfigurableClass<Extras extends object>(
  token: string | symbol,
  { method, factoryMethod, extras, transform }: ConfigurableModulePlan<Extras>,
): Type {
  return Object.assign(class {}, {
    [method](this: Type, options: object = {}): DynamicModule {
      const useValue = omit(options, Object.keys(extras));
      return transform(
        { module: this, providers: [{ provide: token, useValue }] },
        { ...extras, ...options },
      );
    },

    [`${method}Async`](this: Type, options: AsyncOptions): DynamicModule {
      const providers = asyncProviders(token, options, factoryMethod);
      const definition = { module: this, imports: options.imports ?? [], providers };
      return transform(definition, { ...extras, ...omit(options, ASYNC_KEYS) });
    },
  });
}

type AsyncOptions = ConfigurableModuleAsyncOptions<unknown, string>;

function asyncProviders(provide: Token, options: AsyncOptions, factoryMethod: string): readonly Provider[] {
  const { useFactory, useClass, useExisting, inject = [] } = options;
  if (useFactory !== undefined) return [{ provide, useFactory, inject } satisfies FactoryProvider];
  const maker = useExisting ?? useClass;
  // Without any of the three, the provider is incomplete, which is reported at start.
  if (maker === undefined) return [{ provide } as ClassProvider];
  const fromMaker: FactoryProvider = {
    provide,
    useFactory: (made: ConfigurableModuleOptionsFactory<unknown, string>) => made[factoryMethod]?.(),
    inject: [maker],
  };
  return useExisting === undefined ? [fromMaker, maker] : [fromMaker];
}

function omit(options: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key)));
}
