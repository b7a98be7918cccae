import type { Abandonable } from '../connection/connection-route.ts';
import { sendFrame } from '../connection/sending.ts';
import type { Topics } from '../connection/topics.ts';
import type { Users } from '../connection/users.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Route } from '../routing/route.ts';
import { abandon, isAbandoned } from './abandon.ts';
import type { Host, ServedRoute } from './host.ts';
import { inContext } from './in-event.ts';
import type { ServerMetrics } from './server-metrics.ts';
import { tracedHooks, traceEvents } from './traced-events.ts';

/** What the routes of a server share. */
export interface Shared {
  readonly host: Host;
  readonly topics: Topics;
  readonly users: Users;
  /** `null` makes no spans. */
  readonly tracing: Tracing | null;
}

/**
 * Bun enforces the largest limit of all routes, and compresses for all or for none: connections with a smaller
 * limit, or that count, are measured, and those that do not compress turn it down.
 */
export function serveRoutes(
  routes: readonly Route[],
  shared: Shared,
  metrics: ServerMetrics | null,
): readonly ServedRoute[] {
  const largest = Math.max(...routes.map(route => route.backpressureLimit));
  const isDue = (connection: Abandonable, promise: object) =>
    !isAbandoned(connection) && !shared.host.overdue.has(promise);
  const isCompressing = routes.some(({ compress }) => compress);
  return routes.map(route => {
    const isMeasured = route.dropsFrames || route.backpressureLimit < largest;
    const refusesCompression = isCompressing && !route.compress;
    const limited = { isMeasured, refusesCompression, abandon, isDue };
    const unwatched = { send: sendFrame, metrics: null, around: null };
    const served: ServedRoute = { ...route, ...shared, ...limited, ...unwatched };
    const measured = metrics === null ? served : metrics.measured(served);
    return Object.freeze({ ...measured, ...surroundings(measured, shared.tracing) });
  });
}

/** What is around the events of a route; with tracing each of those that have a span takes the longer way. */
function surroundings(route: Route, tracing: Tracing | null): Partial<Route> & Pick<ServedRoute, 'around'> {
  const around = route.context === null ? null : inContext(route.context);
  if (tracing === null) return { around };
  return { ...tracedHooks(route), around: traceEvents(route, tracing, around) };
}
