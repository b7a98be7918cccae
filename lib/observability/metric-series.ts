/** One line of the text format: what is added to the metric's name, a label of its own, and the value. */
export interface Sample {
  readonly suffix: string;
  readonly bound?: string;
  readonly value: number;
}

/** Seconds, from what a handler takes that waits for nothing to what no handler may take. */
export const DEFAULT_BUCKETS: readonly number[] = [
  ...[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05],
  ...[0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
];

/** The number of a counter or a gauge. */
export class NumberSeries {
  readonly #onlyGrows: boolean;
  #value = 0;

  constructor(onlyGrows: boolean) {
    this.#onlyGrows = onlyGrows;
  }

  inc(amount = 1): void {
    assertNumber(amount);
    if (this.#onlyGrows && amount < 0) throw new RangeError(`a counter only grows (got ${amount})`);
    this.#value += amount;
  }

  dec(amount = 1): void {
    this.inc(-amount);
  }

  set(value: number): void {
    if (this.#onlyGrows) throw new TypeError('a counter cannot be set: use inc(), or a gauge');
    this.#value = value;
  }

  samples(): readonly Sample[] {
    return [{ suffix: '', value: this.#value }];
  }
}

/** The counts of a histogram. */
export class HistogramSeries {
  readonly #bounds: Float64Array;
  /** By bucket, not yet added up; the last one is for what is above all bounds. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = Float64Array.from(bounds);
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    assertNumber(value);
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && value > (bounds[at] as number)) at++;
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#sum += value;
  }

  samples(): readonly Sample[] {
    let count = 0;
    const buckets = Array.from(this.#counts, (counted, at) => {
      count += counted;
      return { suffix: '_bucket', bound: numberText(this.#bounds[at] ?? Infinity), value: count };
    });
    return [...buckets, { suffix: '_sum', value: this.#sum }, { suffix: '_count', value: count }];
  }
}

/** One that is none would make the sum of all the others none. */
function assertNumber(value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`a metric counts finite numbers (got ${String(value)})`);
}

/** A number as Prometheus writes it. */
export function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
