const HELP = /^# HELP ([a-zA-Z_:][\w:]*) ((?:[^\\]|\\\\|\\n)*)$/;
const TYPE = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\["\\n])*",?)*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"/g;

/** One line of numbers. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with everything that was told of it. */
export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

/**
 * Prometheus's text format 0.0.4, read as strictly as it is written: HELP and TYPE once and before the samples, which
 * stand together and are not repeated, and buckets that add up.
 */
export class Exposition {
  readonly families = new Map<string, ParsedFamily>();

  constructor(text: string) {
    if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
    const lines = text.slice(0, -1).split('\n');
    for (let at = 0; at < lines.length; ) at = this.#readFamily(lines, at);
    for (const family of this.families.values()) checkFamily(family);
  }

  /** The value of one sample; `undefined` where there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const same = ({ labels: others }: ParsedSample) =>
      Object.keys(others).length === Object.keys(labels).length &&
      Object.entries(labels).every(([label, value]) => others[label] === value);
    return this.samples(name).find(same)?.value;
  }

  /** The samples of a name, `_bucket` and the like included. */
  samples(name: string): readonly ParsedSample[] {
    const family = this.families.get(name) ?? this.families.get(name.replace(/_(?:bucket|sum|count)$/, ''));
    return family?.samples.filter(sample => sample.name === name) ?? [];
  }

  #readFamily(lines: readonly string[], at: number): number {
    const [, name = '', help = ''] = HELP.exec(lines[at] ?? '') ?? fail(lines[at], 'a HELP line');
    const [, typed, type = ''] = TYPE.exec(lines[at + 1] ?? '') ?? fail(lines[at + 1], 'a TYPE line');
    if (typed !== name) throw new Error(`the TYPE of ${typed} stands under the HELP of ${name}`);
    if (this.families.has(name)) throw new Error(`${name} is told twice`);
    let end = at + 2;
    while (end < lines.length && !lines[end]?.startsWith('#')) end++;
    const samples = lines.slice(at + 2, end).map(parseSample);
    this.families.set(name, { name, help, type, samples });
    return end;
  }
}

function parseSample(line: string): ParsedSample {
  const [, name = '', text = '', value = ''] = SAMPLE.exec(line) ?? fail(line, 'a sample');
  const labels = [...text.matchAll(LABEL)].map(([, label, raw = '']) => [label, plainText(raw)]);
  return { name, labels: Object.fromEntries(labels), value: parseValue(value) };
}

function plainText(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

function parseValue(text: string): number {
  const value = text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
  return Number.isNaN(value) && text !== 'NaN' ? fail(text, 'a value') : value;
}

function checkFamily({ name, type, samples }: ParsedFamily): void {
  const keys = samples.map(
    sample => `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`,
  );
  if (new Set(keys).size !== keys.length) throw new Error(`${name} has a series twice`);
  const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  const strangers = samples.filter(sample => !suffixes.some(suffix => sample.name === name + suffix));
  if (strangers.length > 0) throw new Error(`${strangers[0]?.name} stands under ${name}`);
  if (type === 'histogram') checkBuckets(name, samples);
}

/** By the labels without `le`: the bounds ascend, the counts do not fall, and the last of them is the count. */
function checkBuckets(name: string, samples: readonly ParsedSample[]): void {
  for (const count of samples.filter(sample => sample.name === `${name}_count`)) {
    const own = Object.entries(count.labels);
    const buckets = samples.filter(
      sample =>
        sample.name === `${name}_bucket` && own.every(([label, value]) => sample.labels[label] === value),
    );
    const bounds = buckets.map(({ labels }) => parseValue(labels.le ?? fail('a bucket', 'a bucket with le')));
    const isAscending = (values: readonly number[]) =>
      values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0));
    const counts = buckets.map(({ value }) => value);
    const isWhole = bounds.at(-1) === Infinity && counts.at(-1) === count.value;
    if (!isAscending(bounds) || !isAscending(counts) || !isWhole)
      throw new Error(`the buckets of ${name} do not add up`);
  }
}

function fail(got: string | undefined, due: string): never {
  throw new Error(`expected ${due}, got ${JSON.stringify(got)}`);
}

/** Reads the metrics of a server. */
export async function scrape(url: string, headers: Record<string, string> = {}): Promise<Exposition> {
  const response = await fetch(`${url}/metrics`, { headers });
  const type = response.headers.get('content-type');
  if (response.status !== 200 || type !== 'text/plain; version=0.0.4; charset=utf-8') {
    throw new Error(`/metrics answered ${response.status} with ${type}: ${await response.text()}`);
  }
  return new Exposition(await response.text());
}

/** Reads them until a sample has a value: what has just come over another socket may not have been handled yet. */
export async function scrapeUntil(
  url: string,
  [name, labels]: readonly [name: string, labels: Readonly<Record<string, string>>],
  isDue: (value: number) => boolean,
): Promise<Exposition> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const metrics = await scrape(url);
    const value = metrics.value(name, labels);
    if (value !== undefined && isDue(value)) return metrics;
    if (performance.now() > deadline) throw new Error(`${name} stayed ${value} for 5 s`);
  }
}
