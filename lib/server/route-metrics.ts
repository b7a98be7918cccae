import { CloseCodes } from '../connection/close-codes.ts';
import { WIRE_CODES } from '../errors.ts';
import type { Counter, Histogram, Labelled, Metrics } from '../observability/metrics.ts';

/** What is counted of each route; the names are those of `docs/metrics.md`. */
const COUNTERS = {
  accepted: ['upgrades_accepted', 'Upgrades answered with 101'],
  received: ['messages_received', 'Messages that clients sent'],
  receivedBytes: ['received_bytes', 'Bytes of these messages, without framing'],
  sent: ['messages_sent', 'Messages sent to one client, the queued ones among them'],
  sentBytes: ['sent_bytes', 'Bytes of these messages, without framing'],
  queued: ['messages_queued', 'Messages among them that had to wait for a slow client'],
  queuedBytes: ['queued_bytes', 'Bytes of these messages'],
  rateLimited: ['messages_rate_limited', 'Messages that came above their limit'],
  late: ['late_results', 'Hooks that ended after their handlerTimeout'],
  slowCloses: ['slow_consumer_closes', 'Connections closed because their client was too slow'],
} as const;

/** What is counted by one label more. */
const COUNTERS_BY = {
  refused: ['upgrades_refused', 'reason', 'Upgrades answered otherwise, by the code of the refusal'],
  dropped: ['messages_dropped', 'reason', 'Messages to one client that were left out'],
  droppedBytes: ['dropped_bytes', 'reason', 'Bytes of these messages'],
  errors: ['errors', 'code', 'Errors that clients were told of'],
  closes: ['closes', 'code', 'Connections that were closed, by close code'],
} as const;

/** The values of that label which are told apart: nothing that a client, or the text of an error, can choose. */
const KNOWN: Readonly<Record<keyof typeof COUNTERS_BY, ReadonlySet<string>>> = {
  refused: new Set<string>([...WIRE_CODES, 'client_gone', 'response']),
  dropped: new Set(['slow_consumer', 'closed']),
  droppedBytes: new Set(['slow_consumer', 'closed']),
  errors: new Set(WIRE_CODES),
  closes: new Set(
    [...Object.values(CloseCodes), 1002, 1003, 1005, 1006, 1007, 1010, 1014, 1015].map(code => String(code)),
  ),
};

type CounterName = keyof typeof COUNTERS;
type CounterByName = keyof typeof COUNTERS_BY;
type Families = Readonly<Record<CounterName | CounterByName, Labelled<Counter>>> & {
  readonly handled: Labelled<Histogram>;
};

/** Declares what is counted of routes, once a server. */
export function declareRouteMetrics(metrics: Metrics): Families {
  const counter = (name: string, help: string, ...labels: string[]) =>
    metrics.counter({
      name: `gatewire_${name}_total`,
      help,
      labelNames: ['route', ...labels],
      maxSeries: Infinity,
    });
  const handled = metrics.histogram({
    name: 'gatewire_handler_duration_seconds',
    help: 'Time from the call of a message handler until its result is there',
    labelNames: ['route', 'event'],
    maxSeries: Infinity,
  });
  return {
    ...mapValues(COUNTERS, ([name, help]) => counter(name, help)),
    ...mapValues(COUNTERS_BY, ([name, label, help]) => counter(name, help, label)),
    handled,
  };
}

/** What is counted of one route: its series, looked up once. */
export class RouteMetrics {
  readonly counters: Readonly<Record<CounterName, Counter>>;
  readonly #families: Families;
  readonly #route: string;
  /** By the value of their label. */
  readonly #bound = mapValues(COUNTERS_BY, () => new Map<string | number, Counter>());

  constructor(families: Families, route: string) {
    this.#families = families;
    this.#route = route;
    this.counters = mapValues(COUNTERS, (_, name) => families[name].labels({ route }));
  }

  /** The counter of a close code, a reason or an error code; `other` for one that is not ours. */
  by(name: CounterByName, value: string | number): Counter {
    const known = this.#bound[name].get(value);
    if (known !== undefined) return known;
    if (value !== 'other' && !KNOWN[name].has(String(value))) return this.by(name, 'other');
    const counter = this.#families[name].labels({ route: this.#route, [COUNTERS_BY[name][1]]: value });
    this.#bound[name].set(value, counter);
    return counter;
  }

  /** The time that the handler of an event takes. */
  handled(event: string): Histogram {
    return this.#families.handled.labels({ route: this.#route, event });
  }
}

function mapValues<Name extends string, Value, Result>(
  record: Readonly<Record<Name, Value>>,
  map: (value: Value, name: Name) => Result,
): Record<Name, Result> {
  const entries = Object.entries(record) as [Name, Value][];
  return Object.fromEntries(entries.map(([name, value]) => [name, map(value, name)])) as Record<Name, Result>;
}
