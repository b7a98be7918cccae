import type { ApplicationOptions } from '../application.ts';
import { assembleApplication } from '../create-application.ts';
import type { ModuleImport } from '../injection/module-metadata.ts';
import type { FactoryDependency, ProviderOverride } from '../injection/provider.ts';
import type { Token, Type } from '../injection/token.ts';
import { consoleLogger, type Logger } from '../observability/logger.ts';
import { TestingApplication } from './testing-application.ts';

/** A function that makes what takes a provider's place. */
export interface OverrideFactory {
  // biome-ignore lint/suspicious/noExplicitAny: the tokens in `inject` decide the parameters
  readonly factory: (...providers: any[]) => unknown;
  readonly inject?: readonly FactoryDependency[];
}

/** Says what takes the place of a provider. */
export interface OverrideBy {
  /** A value that exists already. */
  useValue(value: unknown): TestingModuleBuilder;
  /** An instance of another class, made as any provider is. */
  useClass(type: Type): TestingModuleBuilder;
  /** What a function returns; it is called with the providers named in `inject`. */
  useFactory(options: OverrideFactory): TestingModuleBuilder;
}

/** Puts a test's own things in the place of an application's, then makes the application. */
export class TestingModuleBuilder {
  readonly #root: Type;
  readonly #overrides = new Map<Token, ProviderOverride>();
  readonly #moduleOverrides = new Map<Type, ModuleImport>();
  #mocker: ((token: Token) => unknown) | undefined;
  #logger: Logger | false = consoleLogger({ level: 'error' });

  /** @internal */
  constructor(root: Type) {
    this.#root = root;
  }

  /** Replaces a provider or controller in every module that has it. */
  overrideProvider(token: Token): OverrideBy {
    const by = (override: ProviderOverride) => {
      this.#overrides.set(token, override);
      return this;
    };
    return {
      useValue: value => by({ useValue: value }),
      useClass: type => by({ useClass: type }),
      useFactory: ({ factory, inject = [] }) => by({ useFactory: factory, inject }),
    };
  }

  /** Replaces a guard that is named by its class: in `@UseGuards()`, as `APP_GUARD` or as a provider. */
  overrideGuard(type: Type): OverrideBy {
    return this.overrideProvider(type);
  }

  /** Replaces a pipe that is named by its class: in `@UsePipes()`, at a parameter, as `APP_PIPE` or as a provider. */
  overridePipe(type: Type): OverrideBy {
    return this.overrideProvider(type);
  }

  /** Replaces an interceptor that is named by its class: in `@UseInterceptors()`, as `APP_INTERCEPTOR` or as a provider. */
  overrideInterceptor(type: Type): OverrideBy {
    return this.overrideProvider(type);
  }

  /** Replaces a filter that is named by its class: in `@UseFilters()`, as `APP_FILTER` or as a provider. */
  overrideFilter(type: Type): OverrideBy {
    return this.overrideProvider(type);
  }

  /** Replaces a module wherever it is imported; modules that re-export it re-export the other one. */
  overrideModule(type: Type): { readonly useModule: (other: ModuleImport) => TestingModuleBuilder } {
    return {
      useModule: other => {
        this.#moduleOverrides.set(type, other);
        return this;
      },
    };
  }

  /** Makes what classes ask for and no module provides, once a token; `undefined` leaves it missing. */
  useMocker(mocker: (token: Token) => unknown): this {
    this.#mocker = mocker;
    return this;
  }

  /** Where the log goes; `false` writes none. Default: errors only, on the console. */
  setLogger(logger: Logger | false): this {
    this.#logger = logger;
    return this;
  }

  /**
   * Scans the modules and makes their providers, as `createApplication()` does. Nothing listens yet.
   *
   * @throws ConfigurationError with every mistake, among them an override of what is not there.
   */
  async compile(options: ApplicationOptions = {}): Promise<TestingApplication> {
    if (typeof Bun === 'undefined') {
      throw new Error('these tests need Bun (got Node): run them with "bun test" or "bun --bun vitest run"');
    }
    const application = await assembleApplication(
      this.#root,
      // An error that nobody caught is the test runner's to report.
      { logger: this.#logger, onFatal: false, ...options },
      {
        overrides: this.#overrides,
        moduleOverrides: this.#moduleOverrides,
        ...(this.#mocker === undefined ? {} : { mocker: this.#mocker }),
      },
    );
    return new TestingApplication(application);
  }
}
