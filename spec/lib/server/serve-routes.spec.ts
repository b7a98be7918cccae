import { describe, expect, it } from 'vitest';
import { sendFrame } from '../../../lib/connection/sending.ts';
import { PrometheusMetrics } from '../../../lib/observability/prometheus-metrics.ts';
import type { MessageHandler, Route } from '../../../lib/routing/route.ts';
import { Host } from '../../../lib/server/host.ts';
import { type Shared, serveRoutes } from '../../../lib/server/serve-routes.ts';
import { ServerMetrics } from '../../../lib/server/server-metrics.ts';

const handler = { event: 'say', invoke: () => 'said' } as unknown as MessageHandler;
const events = new Map([['say', handler]]);
const route = { path: '/chat', text: handler, events, backpressureLimit: 1 } as unknown as Route;
const shared = { host: {}, tracing: null } as Shared;

describe('serveRoutes()', () => {
  it('leaves handlers, events and sends as they are where nothing is measured or traced', () => {
    const [served] = serveRoutes([route], shared, null);
    expect(served?.text).toBe(handler);
    expect(served?.events).toBe(events);
    expect(served?.send).toBe(sendFrame);
    expect(served?.metrics).toBeNull();
  });

  it('puts a clock around handlers, and counts sends, with metrics', () => {
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const host = new Host({ logger, limits: {} } as never);
    const metrics = new ServerMetrics(new PrometheusMetrics(), host);
    const [served] = serveRoutes([route], shared, metrics);
    expect(served?.events?.get('say')?.invoke({}, {} as never, undefined, undefined)).toBe('said');
    expect(served?.events?.get('say')).not.toBe(handler);
    expect(served?.send).not.toBe(sendFrame);
    expect(Object.isFrozen(served)).toBe(true);
    expect(route.events?.get('say')).toBe(handler);
  });

  it('measures what is sent where another route of the server has a larger limit', () => {
    const larger = { ...route, path: '/larger', backpressureLimit: 2 };
    const isMeasured = serveRoutes([route, larger], shared, null).map(served => served.isMeasured);
    expect(isMeasured).toEqual([true, false]);
  });
});
