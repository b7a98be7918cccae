import type { Server } from 'bun';
import type { Connection } from '../connection/connection.ts';
import { pathOf } from '../connection/handshake.ts';
import { type PathPattern, parsePath, restOf, tablePaths } from '../routing/path-pattern.ts';
import { PathRouter } from '../routing/path-router.ts';
import { countUpgrades } from './count-upgrades.ts';
import type { ServedRoute } from './host.ts';
import { traceUpgrades } from './traced-upgrade.ts';
import { type Upgrader, upgraderOf } from './upgrade.ts';
import { isUpgrade, methodNotAllowed, notFound, upgradeRequired } from './upgrade-request.ts';

type MaybePromise<Value> = Value | Promise<Value>;

/** Serves an ordinary HTTP request; `undefined` leaves it to Gatewire's own answer. */
export type Fetch = (request: Request, server: Server<unknown>) => MaybePromise<Response | undefined>;

/** A handler of one path, or one for each method, or a fixed response: what Bun's `routes` take. */
export type HttpRoute = unknown;

/** What the user serves beside the sockets. */
export interface HttpOptions {
  readonly routes?: Readonly<Record<string, HttpRoute>>;
  readonly fetch?: Fetch;
}

type Handler = (request: Request, server: Server<Connection>) => MaybePromise<Response | undefined>;

/** The `routes` and the `fetch` of `Bun.serve`. */
export interface HttpTable {
  readonly routes: Record<string, unknown>;
  readonly fetch: Handler;
}

/**
 * Builds the one routes table of sockets and ordinary HTTP. A user's route is wrapped: an upgrade of a path
 * that a socket route matches is that route's, which Bun's own table would not see.
 */
export function httpTable(routes: readonly ServedRoute[], http: HttpOptions): HttpTable {
  const table = new Table(routes, http);
  return { routes: table.routes(), fetch: (request, server) => table.fetch(request, server) };
}

interface SocketPath {
  readonly pattern: PathPattern;
  readonly target: Upgrader;
}

class Table {
  readonly #sockets: readonly SocketPath[];
  readonly #router: PathRouter<Upgrader>;
  readonly #http: HttpOptions;
  readonly #httpRouter: PathRouter<HttpRoute>;

  constructor(routes: readonly ServedRoute[], http: HttpOptions) {
    this.#sockets = routes.map(route => ({
      pattern: route.pattern,
      target: traceUpgrades(route, countUpgrades(route, upgraderOf(route))),
    }));
    this.#router = new PathRouter(this.#sockets);
    this.#http = http;
    this.#httpRouter = new PathRouter(patternsOf(http.routes ?? {}));
  }

  routes(): Record<string, unknown> {
    const table: Record<string, unknown> = {};
    for (const [path, route] of Object.entries(this.#http.routes ?? {})) table[path] = this.#wrap(route);
    for (const socket of this.#sockets) {
      const handler = this.#socketHandler(socket);
      for (const path of tablePaths(socket.pattern)) {
        // A page or a file stays where it is: Bun hands an upgrade of its path to `fetch`.
        const own = this.#http.routes?.[path];
        if (own === undefined || typeof own === 'function' || isMethodTable(own)) table[path] = handler;
      }
    }
    return table;
  }

  /** What no route of the table took: an upgrade may still match where the user's route is a fixed response. */
  fetch(request: Request, server: Server<Connection>): MaybePromise<Response | undefined> {
    const socket = this.#router.match(pathOf(request.url));
    if (socket !== undefined && isUpgrade(request))
      return socket.target(request, { server, params: socket.params });
    return this.#serveHttp(request, server, socket !== undefined);
  }

  #socketHandler({ pattern, target: upgrade }: SocketPath): Handler {
    const hasRest = pattern.names.includes('*');
    return (request, server) => {
      if (!isUpgrade(request)) return this.#serveHttp(request, server, true);
      const { params } = request as Request & { params: Record<string, string> };
      if (hasRest) params['*'] = restOf(pattern, pathOf(request.url)) ?? '';
      return upgrade(request, { server, params });
    };
  }

  #wrap(route: HttpRoute): unknown {
    if (typeof route === 'function') return this.#wrapHandler(route as Handler);
    if (!isMethodTable(route)) return route;
    const wrapped = Object.entries(route).map(([method, handler]) => [
      method,
      typeof handler === 'function' ? this.#wrapHandler(handler as Handler) : handler,
    ]);
    return Object.fromEntries(wrapped);
  }

  #wrapHandler(handler: Handler): Handler {
    return (request, server) => {
      const socket = isUpgrade(request) ? this.#router.match(pathOf(request.url)) : undefined;
      if (socket === undefined) return handler(request, server);
      return socket.target(request, { server, params: socket.params });
    };
  }

  /** An ordinary request: the user's route for it, the user's `fetch`, or the answer that says why not. */
  #serveHttp(
    request: Request,
    server: Server<Connection>,
    isSocketPath: boolean,
  ): MaybePromise<Response | undefined> {
    const own = isSocketPath ? this.#httpRouter.match(pathOf(request.url)) : undefined;
    const handler = own === undefined ? undefined : handlerOf(own.target, request.method);
    if (own !== undefined && handler !== undefined) {
      Object.defineProperty(request, 'params', { value: own.params, configurable: true });
      return handler(request, server);
    }
    const { fetch } = this.#http;
    const served = fetch?.(request, server);
    if (served instanceof Promise)
      return served.then(response => response ?? unserved(request, isSocketPath));
    return served ?? unserved(request, isSocketPath);
  }
}

function unserved(request: Request, isSocketPath: boolean): Response {
  if (!isSocketPath) return notFound();
  return request.method === 'GET' ? upgradeRequired() : methodNotAllowed();
}

function patternsOf(
  routes: Readonly<Record<string, HttpRoute>>,
): { pattern: PathPattern; target: HttpRoute }[] {
  return Object.entries(routes).flatMap(([path, target]) => {
    const pattern = parsePath(path);
    return typeof pattern === 'string' ? [] : [{ pattern, target }];
  });
}

/** What serves a method of a user's route where Bun's table gave the path to a socket. */
function handlerOf(route: HttpRoute, method: string): Handler | undefined {
  if (typeof route === 'function') return route as Handler;
  if (route instanceof Response) return () => route.clone() as Response;
  if (!isMethodTable(route)) return undefined;
  const handler = route[method];
  if (handler instanceof Response) return () => handler.clone() as Response;
  return typeof handler === 'function' ? (handler as Handler) : undefined;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);

function isMethodTable(route: HttpRoute): route is Record<string, unknown> {
  if (typeof route !== 'object' || route === null || route instanceof Response) return false;
  return Object.keys(route).some(key => METHODS.has(key));
}
