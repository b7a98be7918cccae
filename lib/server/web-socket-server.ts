import type { Server } from 'bun';
import type { Connection } from '../connection/connection.ts';
import type { Topics } from '../connection/topics.ts';
import type { Users } from '../connection/users.ts';
import type { Logger } from '../observability/logger.ts';
import type { ResolvedLimits } from '../routing/limits.ts';
import type { Route } from '../routing/route.ts';
import { abandon, isAbandoned } from './abandon.ts';
import { type CloseTimes, drainConnections, isDoneWithin } from './drain.ts';
import { Host, type ServedRoute } from './host.ts';
import { type HttpOptions, httpTable } from './http-routes.ts';
import { Liveness } from './liveness.ts';
import { refusal } from './refusal.ts';
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
}

/** A Bun server that serves a set of Routes, from its first upgrade to its last `@OnClose`. */
export class WebSocketServer {
  readonly server: Server<Connection>;
  readonly #host: Host;
  readonly #topics: Topics;
  readonly #liveness: Liveness;

  constructor({ routes, http, topics, users, ...parts }: ServerParts, listen: ListenOptions) {
    const host = new Host(parts);
    const served = serveRoutes(routes, { host, topics, users });
    this.#host = host;
    this.#topics = topics;
    this.#liveness = new Liveness(host);
    const options = {
      ...listen,
      // With `development: false` Bun on Linux shares a taken port unless told not to.
      reusePort: listen.reusePort ?? false,
      ...httpTable(served, http),
      websocket: websocketHandler(served, host),
      // Bun's development page shows source lines to whoever causes an error.
      development: false,
      error: (error: unknown) => answerHttpError(host, error),
    };
    this.server = Bun.serve(options as unknown as Bun.Serve.Options<Connection>);
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

/**
 * Bun enforces the largest limit of all routes, and compresses for all or for none: connections with a smaller
 * limit, or that count, are measured, and those that do not compress turn it down.
 */
function serveRoutes(
  routes: readonly Route[],
  shared: { readonly host: Host; readonly topics: Topics; readonly users: Users },
): readonly ServedRoute[] {
  const largest = Math.max(...routes.map(route => route.backpressureLimit));
  const isCompressing = routes.some(({ compress }) => compress);
  return routes.map(route => {
    const isMeasured = route.dropsFrames || route.backpressureLimit < largest;
    const refusesCompression = isCompressing && !route.compress;
    return Object.freeze({ ...route, ...shared, isMeasured, refusesCompression, abandon, isAbandoned });
  });
}

function answerHttpError(host: Host, error: unknown): Response {
  host.logger.error({ error }, 'an HTTP handler failed');
  return refusal(500, { code: 'internal', message: 'Internal server error' });
}
