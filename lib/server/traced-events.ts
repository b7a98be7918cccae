import type { Connection } from '../connection/connection.ts';
import type { Attributes, CarrierGetter } from '../observability/opentelemetry.ts';
import type { SpanKindOf, SpanStart, Tracing } from '../observability/tracing.ts';
import type { ConnectionHook, Route } from '../routing/route.ts';
import { type Around, failureOf } from './around.ts';
import type { Envelope } from './envelope.ts';

/** What a client may name a span of its own with (W3C Trace Context), beside `event`, `data` and `id`. */
const FIELDS = ['traceparent', 'tracestate'] as const;
/** Characters of such a field (W3C Trace Context §3.3.1.5 has senders keep to 512). */
const LONGEST_FIELD = 512;

const ENVELOPE: CarrierGetter<Envelope> = {
  get: (envelope, name) => {
    const field = FIELDS.find(known => known === name);
    const value = field === undefined ? undefined : envelope[field];
    return typeof value === 'string' && value.length <= LONGEST_FIELD ? value : undefined;
  },
  keys: () => [...FIELDS],
};

/**
 * The hooks of a route, so that each call of one that has a span is an event. Decided at start: without tracing
 * nothing of it is there.
 */
export function tracedHooks({ open, close, text, binary, events, fallback }: Route): Partial<Route> {
  return {
    open: asEvent(open),
    close: asEvent(close),
    text: asEvent(text),
    binary: asEvent(binary),
    events: events && new Map([...events].map(([event, handler]) => [event, asEvent(handler) ?? handler])),
    fallback: asEvent(fallback),
  };
}

function asEvent<Hook extends ConnectionHook>(hook: Hook | null): Hook | null {
  return hook === null ? null : Object.freeze({ ...hook, isEnhanced: true });
}

/**
 * Makes a span of each event that begins with a hook: `@OnOpen` as a part of the upgrade, messages and `@OnClose` as
 * what comes after it, in traces of their own or in that of the client. `within` is what else is around an event.
 */
export function traceEvents(route: Route, tracing: Tracing, within: Around | null): Around {
  const kinds = new Map<ConnectionHook, SpanKindOf>();
  const kindOf = (hook: ConnectionHook): SpanKindOf => {
    const known = kinds.get(hook);
    if (known !== undefined) return known;
    const kind = describeHook(route, hook);
    kinds.set(hook, kind);
    return kind;
  };
  return (connection, event, run) => {
    const inside = within === null ? run : () => within(connection, event, run);
    if (event.failure !== undefined) tracing.fail(failureOf(event.failure));
    const { hook } = event;
    if (hook === undefined || !isSpanned(hook)) return inside();
    const start: SpanStart<Envelope> = {
      sent: sentBy(event.envelope),
      owner: connection.handshake,
      isPart: hook.hook === 'open',
      attributes: null,
      details: detailsOf(connection, hook),
    };
    return tracing.run(kindOf(hook), start, inside);
  };
}

function detailsOf({ id, end }: Connection, { hook }: ConnectionHook): Attributes {
  const details = { 'gatewire.connection.id': id };
  return hook === 'close' && end !== null ? { ...details, 'gatewire.close.code': end.code } : details;
}

/** Whether the events that begin with a hook have a span. */
function isSpanned({ hook }: ConnectionHook): boolean {
  return hook === 'message' || hook === 'open' || hook === 'close' || hook === 'auth';
}

/** What a client names its span by; most messages name none. */
function sentBy(envelope: Envelope | null | undefined): SpanStart<Envelope>['sent'] {
  if (envelope === null || envelope === undefined || envelope.traceparent === undefined) return null;
  return { carrier: envelope, getter: ENVELOPE };
}

/** Named by route and event, of which there are as many as in the code; never by what a client sent. */
function describeHook({ path, name }: Route, hook: ConnectionHook): SpanKindOf {
  const attributes = {
    'gatewire.route': name,
    'code.function.name': hook.where.replace(/\(\)$/, ''),
  };
  if (hook.hook === 'open') return { name: `@OnOpen ${path}`, kind: 'INTERNAL', attributes };
  if (hook.hook === 'close') return { name: `@OnClose ${path}`, kind: 'INTERNAL', attributes };
  const operation = hook.hook === 'auth' ? '$auth' : eventOf(hook) || 'message';
  return {
    name: `${operation} ${path}`,
    kind: 'CONSUMER',
    attributes: {
      ...attributes,
      'messaging.system': 'websocket',
      'messaging.operation.type': 'process',
      'messaging.operation.name': operation,
      'messaging.destination.name': path,
    },
  };
}

/** The event a handler was declared for: empty on a plain route, `*` for the fallback. */
function eventOf(hook: ConnectionHook & { readonly event?: string }): string | undefined {
  return hook.event;
}
