import type { Abandonable } from '../connection/connection-route.ts';
import { sendFrame } from '../connection/sending.ts';
import type { Topics } from '../connection/topics.ts';
import type { Users } from '../connection/users.ts';
import type { Route } from '../routing/route.ts';
import { abandon, isAbandoned } from './abandon.ts';
import type { Host, ServedRoute } from './host.ts';
import type { ServerMetrics } from './server-metrics.ts';

/** What the routes of a server share. */
export interface Shared {
  readonly host: Host;
  readonly topics: Topics;
  readonly users: Users;
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
    const served: ServedRoute = { ...route, ...shared, ...limited, send: sendFrame, metrics: null };
    return Object.freeze(metrics === null ? served : metrics.measured(served));
  });
}
