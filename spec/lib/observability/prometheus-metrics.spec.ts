import { describe, expect, it } from 'vitest';
import { PrometheusMetrics } from '../../../lib/observability/prometheus-metrics.ts';
import { Exposition } from '../../support/exposition.ts';

/** What is told of the metrics that a spec has made, without those of the process. */
function told(metrics: PrometheusMetrics): string {
  const text = metrics.text();
  new Exposition(text);
  return text.slice(text.indexOf('# HELP test'));
}

describe('PrometheusMetrics', () => {
  it('tells the memory and the begin of its process', () => {
    const parsed = new Exposition(new PrometheusMetrics().text());
    expect(parsed.value('process_resident_memory_bytes')).toBeGreaterThan(2 ** 20);
    const begin = parsed.value('process_start_time_seconds') ?? 0;
    expect(begin).toBeLessThan(Date.now() / 1000);
    expect(begin).toBeGreaterThan(Date.now() / 1000 - process.uptime() - 60);
  });

  it('tells a counter with HELP, TYPE and value, from 0 on', () => {
    const metrics = new PrometheusMetrics();
    const counter = metrics.counter({ name: 'test_orders_total', help: 'Orders' });
    expect(told(metrics)).toBe(
      '# HELP test_orders_total Orders\n# TYPE test_orders_total counter\ntest_orders_total 0\n',
    );
    counter.inc();
    counter.inc(1.5);
    expect(told(metrics)).toContain('\ntest_orders_total 2.5\n');
  });

  it('escapes backslashes, line feeds and, in labels, quotes', () => {
    const metrics = new PrometheusMetrics();
    const gauge = metrics.gauge({ name: 'test_gauge', help: 'a\\b\n"c"', labelNames: ['path'] });
    gauge.labels({ path: 'C:\\new\n"x", le="1"} 5' }).set(-1);
    expect(told(metrics)).toBe(
      '# HELP test_gauge a\\\\b\\n"c"\n# TYPE test_gauge gauge\n' +
        'test_gauge{path="C:\\\\new\\n\\"x\\", le=\\"1\\"} 5"} -1\n',
    );
    expect(new Exposition(metrics.text()).samples('test_gauge')).toEqual([
      { name: 'test_gauge', labels: { path: 'C:\\new\n"x", le="1"} 5' }, value: -1 },
    ]);
  });

  it('counts a histogram into the buckets whose bound is not below the value', () => {
    const metrics = new PrometheusMetrics();
    const options = { name: 'test_seconds', help: 'Time', labelNames: ['event'], buckets: [0.1, 1] };
    const seconds = metrics.histogram(options).labels({ event: 'say' });
    for (const value of [0.05, 0.1, 0.5, 2]) seconds.observe(value);
    expect(told(metrics).split('\n').slice(2, -1)).toEqual([
      'test_seconds_bucket{event="say",le="0.1"} 2',
      'test_seconds_bucket{event="say",le="1"} 3',
      'test_seconds_bucket{event="say",le="+Inf"} 4',
      'test_seconds_sum{event="say"} 2.65',
      'test_seconds_count{event="say"} 4',
    ]);
  });

  it('writes what is infinite as Prometheus reads it', () => {
    const metrics = new PrometheusMetrics();
    const gauge = metrics.gauge({ name: 'test_gauge', help: '' });
    for (const [value, text] of [
      [Infinity, '+Inf'],
      [-Infinity, '-Inf'],
      [1e21, '1e+21'],
    ] as const) {
      gauge.set(value);
      expect(told(metrics)).toContain(`\ntest_gauge ${text}\n`);
    }
  });

  it('reads a gauge with collect when it is asked', () => {
    const metrics = new PrometheusMetrics();
    let size = 0;
    metrics.gauge({
      name: 'test_size',
      help: 'Size',
      labelNames: ['of'],
      collect() {
        this.labels({ of: 'it' }).set(size);
      },
    });
    size = 7;
    expect(new Exposition(metrics.text()).value('test_size', { of: 'it' })).toBe(7);
  });

  it('gives the same metric to whoever asks for a name again', () => {
    const metrics = new PrometheusMetrics();
    const options = { name: 'test_total', help: 'Test', labelNames: ['of'] };
    metrics.counter(options).labels({ of: 'a' }).inc();
    metrics.counter(options).labels({ of: 'a' }).inc();
    expect(new Exposition(metrics.text()).value('test_total', { of: 'a' })).toBe(2);
    expect(() => metrics.gauge(options)).toThrow(
      'the metric test_total is a counter with the labels of already (got a gauge): give one of them another name',
    );
    expect(() => metrics.counter({ name: 'test_total', help: '' })).toThrow('already');
  });

  it('keeps at most so many series, and counts the later ones as other', () => {
    const metrics = new PrometheusMetrics();
    const counter = metrics.counter({ name: 'test_total', help: 'Test', labelNames: ['user'] });
    for (let user = 0; user < 1500; user++) counter.labels({ user }).inc();
    const parsed = new Exposition(metrics.text());
    expect(parsed.samples('test_total')).toHaveLength(1001);
    expect(parsed.value('test_total', { user: '999' })).toBe(1);
    expect(parsed.value('test_total', { user: 'other' })).toBe(500);
    const few = metrics.counter({ name: 'test_few_total', help: 'Test', labelNames: ['user'], maxSeries: 1 });
    for (const user of ['a', 'b', 'a', 'c']) few.labels({ user }).inc();
    const samples = new Exposition(metrics.text()).samples('test_few_total');
    expect(samples.map(({ labels, value }) => [labels.user, value])).toEqual([
      ['a', 2],
      ['other', 2],
    ]);
  });

  it.each([
    [
      'a name that Prometheus does not read',
      () => new PrometheusMetrics().counter({ name: 'a-b', help: '' }),
      'begins with no digit (got "a-b")',
    ],
    [
      'a label that it does not read',
      () => new PrometheusMetrics().counter({ name: 'a', help: '', labelNames: ['a.b'] }),
      'cannot have the label "a.b"',
    ],
    [
      'a label of its own',
      () => new PrometheusMetrics().counter({ name: 'a', help: '', labelNames: ['__name__'] }),
      'cannot have the label "__name__"',
    ],
    [
      'the label of the buckets',
      () => new PrometheusMetrics().histogram({ name: 'a', help: '', labelNames: ['le'] }),
      'cannot have the label "le"',
    ],
    [
      'a label that was not named',
      () => new PrometheusMetrics().counter({ name: 'a', help: '' }).labels({ of: 'x' }),
      'has no label "of": it has none',
    ],
    [
      'a metric with labels, without them',
      () => new PrometheusMetrics().counter({ name: 'a', help: '', labelNames: ['of'] }).inc(),
      'has the labels of: say which with labels()',
    ],
    [
      'a counter that falls',
      () => new PrometheusMetrics().counter({ name: 'a', help: '' }).inc(-1),
      'a counter only grows (got -1)',
    ],
    [
      'what is no number',
      () => new PrometheusMetrics().histogram({ name: 'a', help: '' }).observe(Number.NaN),
      'counts finite numbers (got NaN)',
    ],
  ])('refuses %s', (_name, cause, message) => {
    expect(cause).toThrow(message);
  });
});
