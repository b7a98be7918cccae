/** The values of labels, by their names. */
export type Labels = Readonly<Record<string, string | number>>;

/** What a metric is. */
export interface MetricOptions {
  /** `shop_orders_total`: letters, digits and underscores, with the unit in its base form and `_total` for a counter. */
  readonly name: string;
  /** What it counts, for whoever reads a dashboard. */
  readonly help: string;
  /** The names of its labels; each combination of their values is a series of its own, so they must be few. */
  readonly labelNames?: readonly string[];
  /** Combinations of their values that are told apart; later ones are counted together as `other`. Default 1 000. */
  readonly maxSeries?: number;
}

/** A gauge, which may be read rather than set. */
export interface GaugeOptions extends MetricOptions {
  /** Sets the gauge, each time that somebody reads it. */
  readonly collect?: (this: Gauge & Labelled<Gauge>) => void;
}

/** A histogram, with the bounds it counts by. */
export interface HistogramOptions extends MetricOptions {
  /** Upper bounds, ascending. Default: for seconds, from half a millisecond to half a minute. */
  readonly buckets?: number[];
}

/** A number that only grows. */
export interface Counter {
  /** Adds to it, 1 unless told otherwise. */
  inc(amount?: number): void;
}

/** A number as it is now. */
export interface Gauge {
  set(value: number): void;
  inc(amount?: number): void;
  dec(amount?: number): void;
}

/** Counts values by how large they are. */
export interface Histogram {
  observe(value: number): void;
}

/** A metric that has labels: one series for each combination of their values. */
export interface Labelled<Metric> {
  /** The series of these values. Keep it where it is used often: finding it costs more than counting. */
  labels(values: Labels): Metric;
}

/**
 * Where numbers of the application are counted. Inject it to count your own beside Gatewire's: with `metrics` off it
 * counts nothing, so that a service need not know.
 *
 * Its methods have the names of prom-client, whose classes fit as they are. Asking for a name again gives the same metric.
 *
 * @example
 * ```ts
 * @Injectable()
 * class Orders {
 *   readonly #placed: Counter;
 *
 *   constructor(metrics: Metrics) {
 *     this.#placed = metrics.counter({ name: 'shop_orders_total', help: 'Orders that were placed' });
 *   }
 * }
 * ```
 */
export abstract class Metrics {
  /** A number that only grows; its name ends in `_total`. */
  abstract counter(options: MetricOptions): Counter & Labelled<Counter>;
  /** A number that goes up and down, set here or read by `collect` when somebody asks. */
  abstract gauge(options: GaugeOptions): Gauge & Labelled<Gauge>;
  /** How values are distributed: how many are within each bucket, their sum, their count. */
  abstract histogram(options: HistogramOptions): Histogram & Labelled<Histogram>;
  /** All of it in Prometheus's text format; absent where numbers leave in another way, and then there is no endpoint. */
  text?(): string | Promise<string>;
}

const nothing = { inc() {}, dec() {}, set() {}, observe() {}, labels: () => nothing };

/** Counts nothing. */
export const noMetrics: Metrics = {
  counter: () => nothing,
  gauge: () => nothing,
  histogram: () => nothing,
};
