import type { Origins, RouteOptions } from './metadata/route-options.ts';
import type { Logger } from './observability/logger.ts';
import type { MetricsOptions } from './observability/metrics-options.ts';
import type { TracingOptions } from './observability/tracing.ts';
import type { Limits } from './routing/limits.ts';
import type { CloseOptions } from './server/drain.ts';
import type { OnFatal } from './server/fatal-errors.ts';
import type { Fetch } from './server/http-routes.ts';
import type { ValidationOptions } from './validation/validation.ts';

/** The options of an application that know nothing of it. */
export interface CommonOptions {
  /** Serves the HTTP requests that no route takes; `undefined` leaves the answer (404, 405, 426) to Gatewire. */
  readonly fetch?: Fetch;
  /** Which origins may connect, to any route that does not say itself. Default `'same'`. */
  readonly origins?: Origins;
  /** Whether a request without an `Origin` is refused too, on any route that does not say itself. Default `false`. */
  readonly requireOrigin?: boolean;
  /** How much of the server clients may take. */
  readonly limits?: Limits;
  /**
   * Whether `X-Forwarded-For` and `X-Forwarded-Host` are believed, which only a proxy in front makes true; a number
   * says how many proxies there are, `true` is one. Default `false`: whoever connects directly could forge them.
   */
  readonly trustProxy?: boolean | number;
  /** Defaults for the options of every route. */
  readonly websocket?: RouteOptions;
  /** How DTO classes are checked, with the names of NestJS's `ValidationPipe`. */
  readonly validation?: ValidationOptions;
  /** How `close()`, SIGTERM and SIGINT end connections; what `close()` itself is given comes first. */
  readonly close?: CloseOptions;
  /**
   * Seconds that each factory, dynamic module, `onModuleInit()` and `onApplicationBootstrap()` has to end before the start
   * has failed; the hooks of the end have as long before nobody waits for them any more. 0 is for ever. Default 60.
   */
  readonly startTimeout?: number;
  /** Where the log goes; `false` writes none. Default: lines on a terminal, JSON elsewhere. */
  readonly logger?: Logger | false;
  /**
   * What is done, while the application listens, about errors that nobody caught: thrown in a timer of your own,
   * rejected in a promise nobody waits for. `'exit'` logs them, closes the application and ends the process with code 1;
   * `'log'` only logs them; `false` leaves them to the process. A function is told of them once they are logged, and
   * `'log'` from it lets the process go on. Default `'exit'`, unless the program listens for `uncaughtException` or
   * `unhandledRejection` itself.
   */
  readonly onFatal?: OnFatal;
  /**
   * Whether connections, messages and handlers are measured, and read at `/metrics` in Prometheus's format, which only
   * the inside of the network may. Default `false`.
   */
  readonly metrics?: boolean | MetricsOptions;
  /**
   * Whether upgrades, messages and hooks are OpenTelemetry spans. Default: where the program has registered a tracer
   * provider by `listen()`. `true` and options make them also where it does so later, and need `@opentelemetry/api`.
   */
  readonly tracing?: boolean | TracingOptions;
}
