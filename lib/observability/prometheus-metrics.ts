import { MetricFamily, type Sampled } from './metric-family.ts';
import { DEFAULT_BUCKETS, HistogramSeries, NumberSeries } from './metric-series.ts';
import type {
  Counter,
  Gauge,
  GaugeOptions,
  Histogram,
  HistogramOptions,
  Labelled,
  MetricOptions,
  Metrics,
} from './metrics.ts';

/** The `Content-Type` of the text format. */
export const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The metrics of one application, counted in this process and told in Prometheus's text format (version 0.0.4).
 *
 * @throws TypeError for a name that Prometheus would not read, and for one that is another metric already.
 */
export class PrometheusMetrics implements Metrics {
  readonly #families = new Map<string, MetricFamily<Sampled>>();

  constructor() {
    const begin = Date.now() / 1000 - process.uptime();
    this.gauge({ name: 'process_start_time_seconds', help: 'When the process began, in Unix time' }).set(
      begin,
    );
    this.gauge({
      name: 'process_resident_memory_bytes',
      help: 'Memory of the process that is in RAM',
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
  }

  counter(options: MetricOptions): Counter & Labelled<Counter> {
    return this.#family('counter', options, () => new NumberSeries(true));
  }

  gauge(options: GaugeOptions): Gauge & Labelled<Gauge> {
    return this.#family('gauge', options, () => new NumberSeries(false));
  }

  histogram(options: HistogramOptions): Histogram & Labelled<Histogram> {
    const { buckets = DEFAULT_BUCKETS } = options;
    return this.#family('histogram', options, () => new HistogramSeries(buckets));
  }

  /** All of it in Prometheus's text format. */
  text(): string {
    return [...this.#families.values()].map(family => family.text()).join('');
  }

  #family<Series extends Sampled>(
    type: 'counter' | 'gauge' | 'histogram',
    options: GaugeOptions,
    make: () => Series,
  ): MetricFamily<Series> {
    const known = this.#families.get(options.name);
    if (known === undefined) {
      const family = new MetricFamily(type, options, make);
      this.#families.set(options.name, family);
      return family;
    }
    if (known.isLike(type, options)) return known as MetricFamily<Series>;
    throw new TypeError(
      `the metric ${options.name} is a ${known.describe()} already (got a ${type}): give one of them another name`,
    );
  }
}
