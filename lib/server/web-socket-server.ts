import type { Server } from 'bun';
import type { Connection } from '../connection/connection.ts';
import type { Logger } from '../observability/logger.ts';
import type { Route } from '../routing/route.ts';
import { drainConnections } from './drain.ts';
import { Host, type ServedRoute } from './host.ts';
import { type HttpOptions, httpTable } from './http-routes.ts';
import { refusal } from './refusal.ts';
import { websocketHandler } from './websocket-handler.ts';

/** Where a server listens. */
export interface ListenOptions {
  /** 0 takes any free port. Default 3000. */
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
}

/** A Bun server that serves a set of Routes, from its first upgrade to its last `@OnClose`. */
export class WebSocketServer {
  readonly server: Server<Connection>;
  readonly #host: Host;

  constructor({ routes, http, logger }: ServerParts, listen: ListenOptions) {
    const host = new Host(logger);
    const served = routes.map((route): ServedRoute => Object.freeze({ ...route, host }));
    this.#host = host;
    const options = {
      ...listen,
      ...httpTable(served, http),
      websocket: websocketHandler(served, host),
      // Bun's development page shows source lines to whoever causes an error.
      development: false,
      error: (error: unknown) => answerHttpError(host, error),
    };
    this.server = Bun.serve(options as unknown as Bun.Serve.Options<Connection>);
  }

  /** Ends every connection; bounded by `timeout` milliseconds. */
  drain(timeout: number): Promise<void> {
    return drainConnections(this.#host, timeout);
  }

  /** Stops listening; whatever is still open is cut. */
  async stop(): Promise<void> {
    await this.server.stop(true);
  }
}

function answerHttpError(host: Host, error: unknown): Response {
  host.log('error', { error }, 'an HTTP handler failed');
  return refusal(500, { code: 'internal', message: 'Internal server error' });
}
