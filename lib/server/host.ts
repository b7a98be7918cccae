import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection, ConnectionEnd } from '../connection/connection.ts';
import type { ServedConnectionRoute } from '../connection/connection-route.ts';
import { describe, type Logger } from '../observability/logger.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { ResolvedLimits } from '../routing/limits.ts';
import type { ControllerScope, Route } from '../routing/route.ts';
import { Admission, type Place } from './admission.ts';
import type { Around } from './around.ts';
import { LoopWatch } from './loop-watch.ts';
import { Roster } from './roster.ts';
import type { RouteMetrics } from './route-metrics.ts';
import type { Waiting } from './waiting.ts';

/** Something that was thrown, and whether it was meant for the client. */
export interface Thrown {
  readonly thrown: unknown;
  readonly isExpected: boolean;
}

/** What a server is made with, as far as its connections share it. */
export interface HostParts {
  readonly logger: Logger;
  readonly limits: ResolvedLimits;
}

/** What the connections of one running server share. */
export class Host {
  /** Every connection from its upgrade until its `@OnClose` has ended. */
  readonly connections = new Roster<Connection>();
  /** Whether the server closes: upgrades are refused, nothing new is taken in. */
  isDraining = false;
  /** What its clients are told when it closes them. */
  goodbye: ConnectionEnd = { code: CloseCodes.goingAway, reason: 'server is closing' };
  /** Seconds of service, by the sweep of `Liveness`; connections note it with each inbound frame. */
  now = 0;
  /** What of the user's has to end within a time. */
  readonly waiting = new Roster<Waiting>();
  /** What of it has not, so that nothing more may begin for it. */
  readonly overdue = new WeakSet<object>();
  readonly admission: Admission;
  /** Ticks with the sweep. */
  readonly loop: LoopWatch;
  /** How many proxies in front of the server are believed. */
  readonly proxies: number;
  /** Its lines cannot fail (`guarded`). */
  readonly logger: Logger;
  #emptied: (() => void)[] = [];

  constructor({ logger, limits }: HostParts) {
    this.logger = logger;
    this.proxies = limits.proxies;
    this.loop = new LoopWatch(logger);
    this.admission = new Admission(limits, this.connections, logger);
  }

  /**
   * Writes the line of something that was thrown. What was meant for the client (`HttpException`, `WsException`)
   * is no fault of the server: a warning without its stack.
   */
  logThrown(where: string, facts: object, { thrown, isExpected }: Thrown): void {
    if (!isExpected) return this.logger.error({ ...facts, error: thrown }, `${where} failed`);
    const { name, message } = describe(thrown);
    this.logger.warn({ ...facts, error: { name, message } }, `${where} refused`);
  }

  /** Forgets a connection whose last hook has ended. */
  forget(connection: Connection): void {
    this.connections.delete(connection);
    if (connection.place !== null) this.admission.leave(connection.place as Place);
    if (this.connections.size > 0 || this.#emptied.length === 0) return;
    for (const resolve of this.#emptied.splice(0)) resolve();
  }

  /** Resolves once no connection is left. */
  emptied(): Promise<void> {
    if (this.connections.size === 0) return Promise.resolve();
    return new Promise(resolve => this.#emptied.push(resolve));
  }
}

/** A Route with the server it is served by. */
export interface ServedRoute extends Route, ServedConnectionRoute {
  readonly host: Host;
  /** Whether its clients' offer to compress is turned down, because the server compresses for another route. */
  readonly refusesCompression: boolean;
  /** What is counted of it; `null` with metrics off. */
  readonly metrics: RouteMetrics | null;
  /** What is around each event of its connections: the context that services ask for, a span; `null` where nothing is. */
  readonly around: Around | null;
  /** `null` where no spans are made. */
  readonly tracing: Tracing | null;
}

/** The route of a connection, as the server made it. */
export function routeOf(connection: Connection): ServedRoute {
  return connection.route as ServedRoute;
}

/** What a connection has of its own besides, where there is anything. */
export function scopeOf({ handshake }: Connection): ControllerScope | null {
  return handshake.scope as ControllerScope | null;
}
