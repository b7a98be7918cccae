import type { Server } from 'bun';
import type { CommonOptions } from './application-options.ts';
import type { Connection } from './connection/connection.ts';
import type { ConnectionUser } from './connection/connection-user.ts';
import { Publisher } from './connection/publisher.ts';
import type { DisconnectOptions } from './connection/user-target.ts';
import type { CanActivate } from './enhancers/can-activate.ts';
import { type EnhancerKind } from './enhancers/enhancer-metadata.ts';
import type { ExceptionFilter } from './enhancers/exception-filter.ts';
import type { NestInterceptor } from './enhancers/nest-interceptor.ts';
import type { PipeTransform } from './enhancers/pipe-transform.ts';
import { Container } from './injection/container.ts';
import type { Token } from './injection/token.ts';
import type { HealthOptions } from './observability/health.ts';
import { type CompleteLogger, consoleLogger, guarded, silentLogger } from './observability/logger.ts';
import { type Metrics, noMetrics } from './observability/metrics.ts';
import { openTracing } from './observability/tracing.ts';
import { type CompileRoutes } from './routing/build-routes.ts';
import { GlobalEnhancerList } from './routing/global-enhancers.ts';
import type { ResolvedLimits } from './routing/limits.ts';
import type { Route } from './routing/route.ts';
import { type CloseOptions, type CloseTimes, closeTimes } from './server/drain.ts';
import type { Observation } from './server/endpoints.ts';
import { FatalErrors } from './server/fatal-errors.ts';
import type { HttpOptions } from './server/http-routes.ts';
import { ShutdownSignals } from './server/shutdown-signals.ts';
import { type ListenOptions, WebSocketServer } from './server/web-socket-server.ts';
import type { DtoReport, Validation } from './validation/validation.ts';

export type { CloseOptions };

/** Ordinary HTTP routes, as `Bun.serve` takes them. */
export type HttpRoutes<Path extends string = string> = Bun.Serve.Routes<Connection, Path>;

/** Options of an application; every one may be left out. */
export interface ApplicationOptions<Path extends string = string> extends CommonOptions {
  /**
   * Ordinary HTTP beside the sockets, as Bun's `routes`, or a function that makes them from the application:
   * `app => ({ '/stats': () => Response.json(app.get(Stats).now()) })`. It is called by `listen()`.
   */
  readonly routes?: HttpRoutes<Path> | ((app: Application) => HttpRoutes<Path>);
  /** Whether `/healthz` and `/readyz` are answered, for whoever watches the process. Default `false`. */
  readonly health?: boolean | HealthOptions<Application>;
}

/** @internal What an application is made of. */
export interface ApplicationParts {
  readonly container: Container;
  readonly compile: CompileRoutes;
  readonly globals: GlobalEnhancerList;
  readonly validation: Validation;
  readonly publisher: Publisher;
  readonly options: ApplicationOptions;
  readonly limits: ResolvedLimits;
  readonly observation: Observation;
}

/** An application, from its scan to its close. Made by `createApplication()`. */
export class Application {
  readonly #parts: ApplicationParts;
  #routes: readonly Route[] | null = null;
  readonly #container: Container;
  readonly #logger: CompleteLogger;
  readonly #signals = new ShutdownSignals(signal => this.#closeOnce({}, signal));
  readonly #fatalErrors: FatalErrors;
  #starting: Promise<WebSocketServer> | null = null;
  #running: WebSocketServer | null = null;
  #closing: Promise<void> | null = null;
  #hasFailed = false;

  /** @internal */
  constructor(parts: ApplicationParts) {
    const { logger = consoleLogger(), onFatal } = parts.options;
    this.#parts = parts;
    this.#container = parts.container;
    this.#logger = guarded(logger === false ? silentLogger : logger);
    const close = () => this.#closeOnce({ drainMs: 0 });
    this.#fatalErrors = new FatalErrors({ onFatal, logger: this.#logger, close });
  }

  /** The routes as they are compiled, for reading. */
  get routes(): readonly Route[] {
    this.#routes ??= this.#parts.compile(this.#parts.globals.sources);
    return this.#routes;
  }

  /** What became of each DTO class: compiled, or why not. Empty with `validation: { compile: 'off' }`. */
  get dtos(): readonly DtoReport[] {
    // Classes are met when routes are compiled.
    return this.routes.length === 0 ? [] : this.#parts.validation.report();
  }

  /** Asks guards at the upgrade and before each message of every route; they come after those of `APP_GUARD`. */
  useGlobalGuards(...guards: CanActivate[]): this {
    return this.#useGlobal('guard', guards);
  }

  /** Runs pipes on every parameter that takes data, of every route. */
  useGlobalPipes(...pipes: PipeTransform[]): this {
    return this.#useGlobal('pipe', pipes);
  }

  /** Runs interceptors around the hooks of every route, outermost. */
  useGlobalInterceptors(...interceptors: NestInterceptor[]): this {
    return this.#useGlobal('interceptor', interceptors);
  }

  /** Lets filters handle what no filter of a module, class or method does. */
  useGlobalFilters(...filters: ExceptionFilter[]): this {
    return this.#useGlobal('filter', filters);
  }

  /**
   * Runs the providers' `onModuleInit` and `onApplicationBootstrap`, then listens. From here on SIGTERM and
   * SIGINT close the application; a second one ends the process at once. Errors that nobody caught are taken too (`onFatal`).
   *
   * @throws Error with the system's code, such as `EADDRINUSE`, where it cannot listen; ConfigurationError where a hook of
   *   the start failed, or did not end within `startTimeout`. The providers are shut down again.
   */
  async listen(where: number | ListenOptions = {}): Promise<Server<Connection>> {
    if (this.#closing !== null) throw new Error('the application was closed');
    if (this.#hasFailed)
      throw new Error('the application could not start and was shut down: create another one');
    if (this.#starting !== null) throw new Error('the application listens already');
    this.#starting = this.#start(typeof where === 'number' ? { port: where } : where);
    return (await this.#starting).server;
  }

  /** Bun's server. Throws before `listen()`. */
  get server(): Server<Connection> {
    if (this.#running !== null) return this.#running.server;
    throw new Error('the application does not listen yet: await app.listen() first');
  }

  /** The port that is listened on; of use after `listen(0)`. */
  get port(): number {
    return this.server.port ?? 0;
  }

  /** Where it listens, `http://localhost:3000`, without a trailing slash. */
  get url(): string {
    return this.server.url.href.replace(/\/$/, '');
  }

  /** Where numbers are counted, as it is injected: `await app.metrics.text?.()` is what `/metrics` answers. */
  get metrics(): Metrics {
    return this.#parts.observation.metrics ?? noMetrics;
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
   * Closes every connection of a user: after a sign-out, or when somebody is no longer let in (4403). Messages that
   * wait for their handler are not handled any more. Gives how many connections there were.
   *
   * @throws RangeError for a code that must not be sent (RFC 6455 §7.4).
   */
  disconnectUser(id: ConnectionUser['id'], { code, reason }: DisconnectOptions = {}): number {
    return this.#parts.publisher.user(id).close(code, reason);
  }

  /**
   * Closes in order: upgrades are refused with 503, running handlers finish, what was sent goes out, clients get
   * 1001 (with `drainMs` 1012, spread over that time), every `@OnClose` ends, providers shut down
   * (`onModuleDestroy`, `beforeApplicationShutdown`, `onApplicationShutdown`), the port is free. Closing twice
   * waits for the first.
   *
   * @throws RangeError for what is not a number of milliseconds, 0 or more.
   */
  close(options: CloseOptions = {}): Promise<void> {
    return this.#closeOnce(options);
  }

  /** Closes with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #useGlobal(kind: EnhancerKind, instances: readonly object[]): this {
    if (this.#starting !== null) {
      throw new Error(`a global ${kind} is part of the routes: add it before listen()`);
    }
    this.#parts.globals.add(kind, instances);
    this.#routes = null;
    return this;
  }

  async #start(where: ListenOptions): Promise<WebSocketServer> {
    try {
      await this.#container.init();
      await this.#container.bootstrap();
      const tracing = await openTracing(this.#parts.options.tracing, this.#logger);
      if (this.#closing !== null) throw new Error('the application was closed before it listened');
      const { publisher, limits, observation } = this.#parts;
      const { topics, users } = publisher;
      const shared = { topics, users, logger: this.#logger, limits, observation, tracing };
      this.#running = new WebSocketServer({ routes: this.routes, http: this.#http(), ...shared }, where);
    } catch (error) {
      this.#hasFailed = true;
      await this.#shutDownProviders();
      throw error;
    }
    this.#signals.take();
    this.#fatalErrors.take();
    return this.#running;
  }

  #http(): HttpOptions {
    const { routes, fetch } = this.#parts.options;
    const made = typeof routes === 'function' ? routes(this) : routes;
    return { ...(made === undefined ? {} : { routes: made }), ...(fetch === undefined ? {} : { fetch }) };
  }

  #closeOnce(given: CloseOptions, signal?: string): Promise<void> {
    const times = closeTimes(given, this.#parts.options.close);
    this.#closing ??= this.#close(times, signal);
    return this.#closing;
  }

  async #close(times: CloseTimes, signal?: string): Promise<void> {
    // A start that fails says so where it was called.
    await this.#starting?.catch(() => {});
    await this.#running?.drain(times);
    await this.#shutDownProviders(signal);
    await this.#running?.stop();
    this.#signals.release();
    this.#fatalErrors.release();
  }

  async #shutDownProviders(signal?: string): Promise<void> {
    for (const error of await this.#container.destroy(signal)) {
      this.#logger.error({ error }, 'a shutdown hook failed');
    }
  }
}
