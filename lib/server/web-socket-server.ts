import type { Server } from 'bun';
import type { Connection } from '../connection/connection.ts';
import type { Topics } from '../connection/topics.ts';
import type { Users } from '../connection/users.ts';
import { ConfigurationError, type Mistake } from '../errors.ts';
import { guardedMetrics } from '../observability/guarded-metrics.ts';
import type { Logger } from '../observability/logger.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { ResolvedLimits } from '../routing/limits.ts';
import type { Route } from '../routing/route.ts';
import { type CloseTimes, drainConnections, isDoneWithin } from './drain.ts';
import { checkEndpoints, type Observation } from './endpoints.ts';
import { Host } from './host.ts';
import { type HttpOptions, httpTable } from './http-routes.ts';
import { listenError } from './listen-error.ts';
import { Liveness } from './liveness.ts';
import { refusal } from './refusal.ts';
import { serveRoutes } from './serve-routes.ts';
import { ServerMetrics } from './server-metrics.ts';
import { websocketHandler } from './websocket-handler.ts';

/** Where a server listens. */
export interface ListenOptions {
  /** 0 takes any free port. Default the environment's `PORT`, else 3000. */
  readonly port?: number;
  /** The address to listen on. Default all of them. */
  readonly hostname?: string;
  /** The path of a unix socket, instead of a port. */
  readonly unix?: string;
  /** Certificate and key, as `Bun.serve` takes them. */
  readonly tls?: Bun.TLSOptions | Bun.TLSOptions[];
  /** Whether several processes may share the port (Linux). Default `false`. */
  readonly reusePort?: boolean;
}

export interface ServerParts {
  readonly routes: readonly Route[];
  readonly http: HttpOptions;
  readonly logger: Logger;
  readonly topics: Topics;
  readonly users: Users;
  readonly limits: ResolvedLimits;
  readonly observation: Observation;
  /** `null` makes no spans. */
  readonly tracing: Tracing | null;
}

/** A Bun server that serves a set of Routes, from its first upgrade to its last `@OnClose`. */
export class WebSocketServer {
  readonly server: Server<Connection>;
  readonly #host: Host;
  readonly #topics: Topics;
  readonly #liveness: Liveness;

  constructor(parts: ServerParts, listen: ListenOptions) {
    const { routes, topics, users, tracing, observation } = parts;
    const host = new Host(parts);
    const metrics = measure(observation, host);
    const served = serveRoutes(routes, { host, topics, users, tracing }, metrics);
    const sockets = websocketHandler(served, host);
    const table = httpTable(served, withEndpoints(parts.http, observation, host));
    metrics?.watchConnections(served);
    metrics?.watchTopics(topics);
    this.#host = host;
    this.#topics = topics;
    this.#liveness = new Liveness(host);
    const options = {
      ...listen,
      // With `development: false` Bun on Linux shares a taken port unless told not to.
      reusePort: listen.reusePort ?? false,
      ...(metrics === null ? table : metrics.measuredTable(table)),
      websocket: metrics === null ? sockets : metrics.measuredSockets(sockets),
      // Bun's development page shows source lines to whoever causes an error.
      development: false,
      error: (error: unknown) => answerHttpError(host, error),
    };
    this.server = serve(options as unknown as Bun.Serve.Options<Connection>, listen);
    topics.attach(this.server);
    this.#liveness.start();
  }

  /** Ends every connection, and lets HTTP requests finish; bounded by the sum of both times. */
  async drain(times: CloseTimes): Promise<void> {
    const begin = performance.now();
    await drainConnections(this.#host, times);
    const left = Math.max(0, times.drainMs + times.timeout - (performance.now() - begin));
    await isDoneWithin(this.server.stop(), left);
  }

  /** Stops listening; whatever is still open is cut. */
  async stop(): Promise<void> {
    this.#liveness.stop();
    this.#topics.attach(null);
    await this.server.stop(true);
  }
}

function measure({ metrics }: Observation, host: Host): ServerMetrics | null {
  if (metrics === null) return null;
  return new ServerMetrics(guardedMetrics(metrics, host.logger), host);
}

/** Our own paths beside the user's. @throws ConfigurationError where both have the same */
function withEndpoints(http: HttpOptions, observation: Observation, host: Host): HttpOptions {
  const mistakes: Mistake[] = [];
  // Only now it is known what a function of the user's has made.
  checkEndpoints(observation, http.routes ?? {}, mistakes);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  const own = observation.endpoints.map(({ path, handlerOf }) => [path, handlerOf(host)]);
  return { ...http, routes: { ...http.routes, ...Object.fromEntries(own) } };
}

/** @throws Error that says where it could not listen and what to do, with the system's code */
function serve(options: Bun.Serve.Options<Connection>, listen: ListenOptions): Server<Connection> {
  try {
    return Bun.serve(options);
  } catch (error) {
    throw listenError(error, listen);
  }
}

function answerHttpError(host: Host, error: unknown): Response {
  host.logger.error({ error }, 'an HTTP handler failed');
  return refusal(500, { code: 'internal', message: 'Internal server error' });
}
