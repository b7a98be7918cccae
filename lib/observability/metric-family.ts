import { numberText, type Sample } from './metric-series.ts';
import type { Gauge, GaugeOptions, Labelled, Labels } from './metrics.ts';

/** The numbers of one series. */
export interface Sampled {
  inc?(amount?: number): void;
  dec?(amount?: number): void;
  set?(value: number): void;
  observe?(value: number): void;
  samples(): readonly Sample[];
}

const MOST_SERIES = 1000;

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A metric with all its series: one, or one for each combination of its labels' values. */
export class MetricFamily<Series extends Sampled> implements Labelled<Series> {
  readonly #type: string;
  readonly #name: string;
  readonly #help: string;
  readonly #labelNames: readonly string[];
  readonly #collect: GaugeOptions['collect'];
  readonly #make: () => Series;
  readonly #maxSeries: number;
  readonly #series = new Map<string, Series>();
  readonly #only: Series | null;

  constructor(type: string, options: GaugeOptions, make: () => Series) {
    const { name, help, labelNames = [], collect, maxSeries = MOST_SERIES } = options;
    assertNames(type, name, labelNames);
    this.#maxSeries = maxSeries;
    this.#type = type;
    this.#name = name;
    this.#help = help;
    this.#labelNames = [...labelNames];
    this.#collect = collect;
    this.#make = make;
    this.#only = labelNames.length === 0 ? this.labels({}) : null;
  }

  inc(amount?: number): void {
    this.#unlabelled().inc?.(amount);
  }

  dec(amount?: number): void {
    this.#unlabelled().dec?.(amount);
  }

  set(value: number): void {
    this.#unlabelled().set?.(value);
  }

  observe(value: number): void {
    this.#unlabelled().observe?.(value);
  }

  labels(values: Labels): Series {
    for (const name in values) if (!this.#labelNames.includes(name)) throw this.#unknownLabel(name);
    const labels = this.#labelText(name => String(values[name] ?? ''));
    const isFull = this.#series.size >= this.#maxSeries && !this.#series.has(labels);
    return this.#keep(isFull ? this.#labelText(() => 'other') : labels);
  }

  /** Whether somebody who asks for it again means this one. */
  isLike(type: string, { labelNames = [] }: GaugeOptions): boolean {
    return this.#type === type && String(this.#labelNames) === String(labelNames);
  }

  /** `counter with the labels route, event` */
  describe(): string {
    if (this.#labelNames.length === 0) return this.#type;
    return `${this.#type} with the labels ${this.#labelNames.join(', ')}`;
  }

  /** Its part of the text format: what it is, then a line for each number. */
  text(): string {
    this.#collect?.call(this as unknown as Gauge & Labelled<Gauge>);
    const lines = [`# HELP ${this.#name} ${escapeHelp(this.#help)}`, `# TYPE ${this.#name} ${this.#type}`];
    for (const [labels, series] of this.#series) {
      for (const sample of series.samples()) lines.push(this.#line(labels, sample));
    }
    return `${lines.join('\n')}\n`;
  }

  #line(labels: string, { suffix, bound, value }: Sample): string {
    const le = bound === undefined ? '' : `le="${bound}"`;
    const all = labels === '' || le === '' ? labels + le : `${labels},${le}`;
    return `${this.#name}${suffix}${all === '' ? '' : `{${all}}`} ${numberText(value)}`;
  }

  #unlabelled(): Series {
    if (this.#only !== null) return this.#only;
    throw new TypeError(
      `the metric ${this.#name} has the labels ${this.#labelNames.join(', ')}: say which with labels()`,
    );
  }

  #labelText(textOf: (name: string) => string): string {
    return this.#labelNames.map(name => `${name}="${escapeLabel(textOf(name))}"`).join(',');
  }

  #keep(labels: string): Series {
    const known = this.#series.get(labels);
    if (known !== undefined) return known;
    const series = this.#make();
    this.#series.set(labels, series);
    return series;
  }

  #unknownLabel(name: string): TypeError {
    const declared =
      this.#labelNames.length === 0 ? 'it has none' : `its labels are ${this.#labelNames.join(', ')}`;
    return new TypeError(
      `the metric ${this.#name} has no label ${JSON.stringify(name)}: ${declared}, name others in labelNames`,
    );
  }
}

function assertNames(type: string, name: string, labelNames: readonly string[]): void {
  if (!NAME.test(name)) {
    throw new TypeError(
      `a metric's name has letters, digits and underscores and begins with no digit (got ${JSON.stringify(name)})`,
    );
  }
  for (const label of labelNames) {
    if (LABEL_NAME.test(label) && !(type === 'histogram' && label === 'le')) continue;
    throw new TypeError(
      `the metric ${name} cannot have the label ${JSON.stringify(label)}: use letters, digits and underscores, no two of these first, and in a histogram not "le"`,
    );
  }
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
