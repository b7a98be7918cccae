import type { WebSocketHandler } from 'bun';
import { Connection } from '../connection/connection.ts';
import type { Topics } from '../connection/topics.ts';
import type { Metrics } from '../observability/metrics.ts';
import { countStrays } from './count-strays.ts';
import { countedSend } from './counted-send.ts';
import { type Host, routeOf, type ServedRoute } from './host.ts';
import type { HttpTable } from './http-routes.ts';
import { recordOf } from './record.ts';
import { declareRouteMetrics, RouteMetrics } from './route-metrics.ts';
import { SlowConsumers } from './slow-consumers.ts';
import { timedHandlers } from './timed-handlers.ts';

/**
 * Measures a server (`docs/metrics.md`). What it counts by is put around the server's own parts before it listens, so
 * that with metrics off no message knows of it.
 */
export class ServerMetrics {
  readonly #metrics: Metrics;
  readonly #host: Host;
  readonly #families: ReturnType<typeof declareRouteMetrics>;
  readonly #slow: SlowConsumers;

  constructor(metrics: Metrics, host: Host) {
    this.#metrics = metrics;
    this.#host = host;
    this.#families = declareRouteMetrics(metrics);
    this.#slow = new SlowConsumers(host);
    host.loop.lag = metrics.histogram({
      name: 'gatewire_event_loop_lag_seconds',
      help: 'The longest that the event loop stood still, of each second',
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    });
    const { admission } = host;
    metrics.gauge({
      name: 'gatewire_upgrades_pending',
      help: 'Upgrades that wait for asynchronous hooks',
      collect() {
        this.set(admission.pending);
      },
    });
  }

  /** The same route, whose handlers are timed and whose frames are counted. */
  measured(route: ServedRoute): ServedRoute {
    const metrics = new RouteMetrics(this.#families, route.path);
    const handlers = timedHandlers(route, metrics, this.#host.loop);
    return { ...route, ...handlers, metrics, send: countedSend(metrics, this.#slow) };
  }

  /** The same table, which counts upgrades of no route: an empty label is none. */
  measuredTable(table: HttpTable): HttpTable {
    return countStrays(table, this.#families.refused.labels({ route: '', reason: 'not_found' }));
  }

  /** The same callbacks, which count what comes in and how connections end. */
  measuredSockets(handler: WebSocketHandler<Connection>): WebSocketHandler<Connection> {
    return {
      ...handler,
      message: (socket, data) => {
        const counters = metricsOf(socket.data)?.counters;
        counters?.received.inc();
        counters?.receivedBytes.inc(Buffer.byteLength(data));
        return handler.message?.(socket, data);
      },
      close: (socket, code, reason) => {
        handler.close?.(socket, code, reason);
        this.#countClose(socket.data);
      },
    };
  }

  /** Counts what is published, which Bun sends by itself. */
  watchTopics(topics: Topics): void {
    const published = this.#metrics.counter({
      name: 'gatewire_topic_publishes_total',
      help: 'Values that were published to topics',
    });
    const frames = this.#metrics.counter({
      name: 'gatewire_topic_messages_total',
      help: 'Messages that Bun was given for the subscribers of topics',
    });
    topics.watch((recipients, isComplete) => {
      published.inc();
      frames.inc(recipients);
      if (!isComplete) this.#slow.look();
    });
  }

  /** What is known anyway, read when somebody asks. */
  watchConnections(routes: readonly ServedRoute[]): void {
    this.#sum(routes, ['gatewire_connections', 'Connections, from 101 until @OnClose has ended'], () => 1);
    this.#sum(routes, ['gatewire_messages_waiting', 'Messages that wait for their handler'], waiting);
    this.#sum(
      routes,
      ['gatewire_send_buffer_bytes', 'Bytes that wait for slow clients'],
      ({ bufferedAmount }) => bufferedAmount,
    );
  }

  #sum(
    routes: readonly ServedRoute[],
    [name, help]: readonly [name: string, help: string],
    measure: (connection: Connection) => number,
  ): void {
    const { connections } = this.#host;
    this.#metrics.gauge({
      name,
      help,
      labelNames: ['route'],
      maxSeries: Infinity,
      collect() {
        const sums = new Map(routes.map(({ path }) => [path, 0]));
        for (const connection of connections) {
          const { path } = routeOf(connection);
          sums.set(path, (sums.get(path) ?? 0) + measure(connection));
        }
        for (const [route, sum] of sums) this.labels({ route }).set(sum);
      },
    });
  }

  #countClose(connection: Connection): void {
    const metrics = metricsOf(connection);
    if (metrics === null) return;
    metrics.by('closes', connection.end?.code ?? 1006).inc();
    // The close may be part of the send that was one too many, and which has not been counted yet.
    queueMicrotask(() => {
      if (this.#slow.wasClosed(connection)) metrics.counters.slowCloses.inc();
    });
  }
}

/** Of a socket that an HTTP handler upgraded by itself nothing is counted. */
function metricsOf(connection: Connection): RouteMetrics | null {
  return (connection as unknown) instanceof Connection ? routeOf(connection).metrics : null;
}

function waiting(connection: Connection): number {
  const record = recordOf(connection);
  return record === null ? 0 : (record.queue?.length ?? 0) + record.unread;
}
