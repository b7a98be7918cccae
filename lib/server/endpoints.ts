import type { Server } from 'bun';
import type { Connection } from '../connection/connection.ts';
import type { Mistake } from '../errors.ts';
import { type HealthOptions, liveEndpoint, readyEndpoint } from '../observability/health.ts';
import type { Metrics } from '../observability/metrics.ts';
import { allowFromInside, type MetricsOptions } from '../observability/metrics-options.ts';
import { PrometheusMetrics, TEXT_FORMAT } from '../observability/prometheus-metrics.ts';
import { type OptionRule, wholeNumber } from '../routing/option-rules.ts';
import { checkOptions } from '../routing/resolve-options.ts';
import type { Host } from './host.ts';
import { notFound } from './upgrade-request.ts';

type Handler = (request: Request, server: Server<Connection>) => Response | Promise<Response>;

/** A path that Gatewire itself answers over HTTP. */
export interface Endpoint {
  readonly path: string;
  /** `metrics.path`: the option that says so. */
  readonly option: string;
  readonly handlerOf: (host: Host) => Handler;
}

/** What is told of a running application, and where. */
export interface Observation {
  /** Where its numbers go; `null` where nothing is measured. */
  readonly metrics: Metrics | null;
  readonly endpoints: readonly Endpoint[];
}

/** The options of an application that decide it. */
export interface ObservationOptions<App> {
  readonly metrics?: boolean | MetricsOptions;
  readonly health?: boolean | HealthOptions<App>;
}

const PATH: OptionRule = [
  `false, or a path without parameters such as '/status'`,
  value => value === false || (typeof value === 'string' && /^\/[^\s:*?#]*$/.test(value)),
];
const FUNCTION: OptionRule = ['a function', value => typeof value === 'function'];

const METRICS_RULES: { readonly [Name in keyof Required<MetricsOptions>]: OptionRule } = {
  backend: ['an object with the methods counter(), gauge() and histogram()', isBackend],
  path: PATH,
  allow: FUNCTION,
};

const HEALTH_RULES: { readonly [Name in keyof Required<HealthOptions>]: OptionRule } = {
  livePath: PATH,
  readyPath: PATH,
  ready: FUNCTION,
  timeout: wholeNumber(1, 60_000, 'of milliseconds '),
};

/**
 * Fills in the defaults of `metrics` and `health`. What is unknown or out of range is reported. `app` gives the
 * application, which is made later.
 */
export function resolveObservation<App>(
  options: ObservationOptions<App>,
  app: () => App,
  mistakes: Mistake[],
): Observation {
  const metrics = valid<MetricsOptions>('metrics', options.metrics, { rules: METRICS_RULES, mistakes });
  const health = valid<HealthOptions<App>>('health', options.health, { rules: HEALTH_RULES, mistakes });
  const counted = metrics === null ? null : (metrics.backend ?? new PrometheusMetrics());
  return {
    metrics: counted,
    endpoints: [...metricsEndpoints(metrics, counted), ...healthEndpoints(health, app)],
  };
}

/** Reports paths that would be answered twice: by the user's `routes` too, or by two endpoints. */
export function checkEndpoints(
  { endpoints }: Observation,
  routes: Readonly<Record<string, unknown>>,
  mistakes: Mistake[],
): void {
  for (const [at, { path, option }] of endpoints.entries()) {
    const twin = endpoints.slice(0, at).find(before => before.path === path);
    const other = twin === undefined ? 'routes' : twin.option;
    if (twin === undefined && !Object.hasOwn(routes, path)) continue;
    mistakes.push({
      code: 'GATEWIRE_DUPLICATE_PATH',
      where: `createApplication() option "${option}"`,
      what: `its path "${path}" is one of the option "${other}" too`,
      fix: `Give "${option}" another path, or false for none, or change it in "${other}"`,
    });
  }
}

function valid<Options extends object>(
  name: string,
  given: unknown,
  { rules, mistakes }: { readonly rules: Readonly<Record<string, OptionRule>>; readonly mistakes: Mistake[] },
): Options | null {
  if (given === undefined || given === false) return null;
  if (given === true) return {} as Options;
  return checkOptions(
    rules,
    { where: `createApplication() option "${name}"`, options: given },
    mistakes,
  ) as Options;
}

function isBackend(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['counter', 'gauge', 'histogram'].every(
    name => typeof (value as Record<string, unknown>)[name] === 'function',
  );
}

/** There is none where the numbers leave in another way. */
function metricsEndpoints(options: MetricsOptions | null, metrics: Metrics | null): Endpoint[] {
  const { path = '/metrics', allow = allowFromInside } = options ?? {};
  if (path === false || metrics?.text === undefined) return [];
  const text = metrics.text.bind(metrics);
  const handler: Handler = async (request, server) => {
    if (!isRead(request) || !(await allow(request, server.requestIP(request)?.address))) return notFound();
    return new Response(await text(), {
      headers: { 'Content-Type': TEXT_FORMAT, 'Cache-Control': 'no-store' },
    });
  };
  return [{ path, option: 'metrics.path', handlerOf: () => handler }];
}

function healthEndpoints<App>(options: HealthOptions<App> | null, app: () => App): Endpoint[] {
  if (options === null) return [];
  const { livePath = '/healthz', readyPath = '/readyz', ready, timeout = 1000 } = options;
  const live = endpoint(livePath, 'health.livePath', () => liveEndpoint);
  const readiness = endpoint(readyPath, 'health.readyPath', host =>
    readyEndpoint({
      isDraining: () => host.isDraining,
      ready: ready && (() => ready(app())),
      timeout,
      report: (reason, error) =>
        host.logger.warn(error === undefined ? {} : { error }, `the readiness check ${reason}`),
    }),
  );
  return [...live, ...readiness];
}

function endpoint(
  path: string | false,
  option: string,
  answerOf: (host: Host) => () => Response | Promise<Response>,
): Endpoint[] {
  if (path === false) return [];
  const handlerOf = (host: Host): Handler => {
    const answer = answerOf(host);
    return request => (isRead(request) ? answer() : notFound());
  };
  return [{ path, option, handlerOf }];
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}
