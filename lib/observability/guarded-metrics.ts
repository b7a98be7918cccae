import type { Logger } from './logger.ts';
import type { Counter, Gauge, Histogram, Labelled, Metrics } from './metrics.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';

type Metric = Counter & Gauge & Histogram & Labelled<Metric>;
type Method = (argument?: number) => void;

const METHODS = ['inc', 'dec', 'set', 'observe'] as const;

/** The same metrics, whose counting cannot fail: one that throws costs its number, and the first one a log line. */
export function guardedMetrics(metrics: Metrics, logger: Logger): Metrics {
  // Our own cannot.
  if (metrics instanceof PrometheusMetrics) return metrics;
  let hasFailed = false;
  const failed = (error: unknown) => {
    if (!hasFailed) logger.error({ error }, 'the metrics backend failed; this is said once');
    hasFailed = true;
  };
  const guarded = (metric: object): Metric => {
    const methods = METHODS.map(name => [
      name,
      attempt((metric as Record<string, Method>)[name], metric, failed),
    ]);
    const labels = (values: object) => {
      try {
        return guarded((metric as Labelled<object>).labels(values as never));
      } catch (error) {
        failed(error);
        return guarded({});
      }
    };
    return { ...Object.fromEntries(methods), labels };
  };
  return {
    counter: options => guarded(metrics.counter(options)),
    gauge: options => guarded(metrics.gauge(options)),
    histogram: options => guarded(metrics.histogram(options)),
  };
}

function attempt(method: Method | undefined, metric: object, failed: (error: unknown) => void): Method {
  return argument => {
    try {
      method?.call(metric, argument);
    } catch (error) {
      failed(error);
    }
  };
}
