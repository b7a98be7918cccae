import type { Server } from 'bun';
import type { Connection } from './connection/connection.ts';
import { Publisher } from './connection/publisher.ts';
import { ConfigurationError, type Mistake } from './errors.ts';
import { Container } from './injection/container.ts';
import type { Token, Type } from './injection/token.ts';
import type { RouteOptions } from './metadata/route-options.ts';
import { consoleLogger, type Logger, silentLogger } from './observability/logger.ts';
import { buildRoutes } from './routing/build-routes.ts';
import { checkApplicationOptions } from './routing/check-application-options.ts';
import { emittedChecks } from './routing/emitted-checks.ts';
import { mergeCompilerMistakes } from './routing/merge-compiler-mistakes.ts';
import type { ScannedController } from './routing/plan.ts';
import type { Route } from './routing/route.ts';
import { checkDtos, scanControllers } from './routing/scanner.ts';
import type { HttpOptions } from './server/http-routes.ts';
import { type ListenOptions, WebSocketServer } from './server/web-socket-server.ts';
import { Validation, type ValidationOptions } from './validation/validation.ts';

/** Options of an application; every one may be left out. */
export interface ApplicationOptions extends HttpOptions {
  /** Defaults for the options of every route. */
  readonly websocket?: RouteOptions;
  /** How DTO classes are checked, with the names of NestJS's `ValidationPipe`. */
  readonly validation?: ValidationOptions;
  /** Where the log goes; `false` writes none. Default: lines on a terminal, JSON elsewhere. */
  readonly logger?: Logger | false;
}

/** How long `close()` waits. */
export interface CloseOptions {
  /** Milliseconds that running handlers get to finish. Default 10 000. */
  readonly timeout?: number;
}

const OPTIONS: { readonly [Name in keyof Required<ApplicationOptions>]: true } = {
  websocket: true,
  validation: true,
  logger: true,
  routes: true,
  fetch: true,
};
const DEFAULT_CLOSE_TIMEOUT = 10_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Scans a module and what it imports into routes, and makes its providers. Nothing listens yet.
 *
 * @throws ConfigurationError with every configuration mistake that was found, not only the first.
 *
 * @example
 * ```ts
 * const app = await createApplication(AppModule);
 * await app.listen(3000);
 * ```
 */
export async function createApplication(root: Type, options: ApplicationOptions = {}): Promise<Application> {
  const mistakes: Mistake[] = [];
  checkApplicationOptions(options, Object.keys(OPTIONS), mistakes);
  const publisher = new Publisher();
  const container = await Container.create(root, {
    providers: [{ provide: Publisher, useValue: publisher }],
    mistakes,
  });
  const validation = new Validation(options.validation);
  const plans = scanControllers(
    container.controllers as readonly ScannedController[],
    options.websocket ?? {},
    mistakes,
  );
  await checkDtos(plans, validation, mistakes);
  if (mistakes.length > 0) throw new ConfigurationError(mergeCompilerMistakes(mistakes));
  await container.instantiate();
  const routes = await buildRoutes(plans, {
    validation,
    instance: (token, module) => container.instance(token, module),
  });
  publisher.checkEmitted(emittedChecks(routes));
  return new Application({ container, routes, publisher, options });
}

interface ApplicationParts {
  readonly container: Container;
  readonly routes: readonly Route[];
  readonly publisher: Publisher;
  readonly options: ApplicationOptions;
}

/** An application, from its scan to its close. Made by `createApplication()`. */
export class Application {
  /** The routes as they were compiled, for reading. */
  readonly routes: readonly Route[];
  readonly #container: Container;
  readonly #publisher: Publisher;
  readonly #options: ApplicationOptions;
  #running: WebSocketServer | null = null;
  #closing: Promise<void> | null = null;
  readonly #onSignal = (signal: NodeJS.Signals) => this.#closeOnSignal(signal);

  /** @internal */
  constructor({ container, routes, publisher, options }: ApplicationParts) {
    this.routes = routes;
    this.#container = container;
    this.#publisher = publisher;
    this.#options = options;
  }

  /**
   * Runs the providers' `onModuleInit` and `onApplicationBootstrap`, then listens. From here on SIGTERM and
   * SIGINT close the application; a second one ends the process at once.
   *
   * @throws Error when the port is taken; the providers are shut down again.
   */
  async listen(where: number | ListenOptions = {}): Promise<Server<Connection>> {
    if (this.#running !== null || this.#closing !== null)
      throw new Error('the application listens or was closed already');
    const { logger = consoleLogger(), routes, fetch } = this.#options;
    const http = { ...(routes === undefined ? {} : { routes }), ...(fetch === undefined ? {} : { fetch }) };
    try {
      await this.#container.init();
      await this.#container.bootstrap();
      const parts = {
        routes: this.routes,
        http,
        topics: this.#publisher.topics,
        logger: logger === false ? silentLogger : logger,
      };
      this.#running = new WebSocketServer(parts, typeof where === 'number' ? { port: where } : where);
    } catch (error) {
      await this.#container.destroy();
      throw error;
    }
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    return this.#running.server;
  }

  /** Bun's server. Throws before `listen()`. */
  get server(): Server<Connection> {
    if (this.#running === null)
      throw new Error('the application does not listen yet: await app.listen() first');
    return this.#running.server;
  }

  /** The port that is listened on; of use after `listen(0)`. */
  get port(): number {
    return this.server.port ?? 0;
  }

  /** Where it listens, `http://localhost:3000`, without a trailing slash. */
  get url(): string {
    return this.server.url.href.replace(/\/$/, '');
  }

  /** The instance of a provider, in whichever module it is. */
  get<Value>(token: Token<Value>): Value {
    return this.#container.get(token);
  }

  /** A new instance of a transient provider. */
  resolve<Value>(token: Token<Value>): Promise<Value> {
    return this.#container.resolve(token);
  }

  /**
   * Closes in order: upgrades are refused with 503, running handlers finish, clients get 1001, every
   * `@OnClose` ends, providers shut down (`onModuleDestroy`, `beforeApplicationShutdown`,
   * `onApplicationShutdown`), the port is free. Closing twice waits for the first.
   */
  close({ timeout = DEFAULT_CLOSE_TIMEOUT }: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(timeout);
    return this.#closing;
  }

  /** Closes with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(timeout: number, signal?: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    await running?.drain(timeout);
    await this.#container.destroy(signal);
    await running?.stop();
    for (const name of SIGNALS) process.off(name, this.#onSignal);
  }

  #closeOnSignal(signal: NodeJS.Signals): void {
    if (this.#closing !== null) process.exit(exitCode(signal));
    this.#closing = this.#close(DEFAULT_CLOSE_TIMEOUT, signal);
    // With several applications in a process the last one to be closed ends it.
    const end = (code: number) => {
      if (process.listenerCount(signal) === 0) process.exit(code);
    };
    this.#closing.then(
      () => end(0),
      () => end(1),
    );
  }
}

function exitCode(signal: NodeJS.Signals): number {
  return signal === 'SIGINT' ? 130 : 143;
}
