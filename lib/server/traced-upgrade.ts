import { pathOf } from '../connection/handshake.ts';
import type { CarrierGetter, Span } from '../observability/opentelemetry.ts';
import type { SpanKindOf, SpanStart } from '../observability/tracing.ts';
import type { ServedRoute } from './host.ts';
import { codeOf } from './refusal.ts';
import type { Upgrader } from './upgrade.ts';
import type { Answer } from './upgrade-step.ts';

const HEADERS: CarrierGetter<Headers> = {
  get: (headers, name) => headers.get(name) ?? undefined,
  keys: headers => [...headers.keys()],
};

/** Those that the conventions know. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);
const SWITCHING_PROTOCOLS = 101;

/**
 * Makes a span of each upgrade request of a route, from its first check to its answer, by OpenTelemetry's conventions
 * for HTTP servers; with tracing off it is the same upgrader.
 */
export function traceUpgrades({ path, name, tracing }: ServedRoute, upgrade: Upgrader): Upgrader {
  if (tracing === null) return upgrade;
  const attributes = { 'http.route': path, 'gatewire.route': name, 'network.protocol.name': 'http' };
  const get: SpanKindOf = { name: `GET ${path}`, kind: 'SERVER', attributes };
  // It is refused, whatever its method.
  const other: SpanKindOf = { name: `HTTP ${path}`, kind: 'SERVER', attributes };
  return (request, arrival) => {
    const { method, url, headers } = request;
    const start: SpanStart<Headers> = {
      sent: { carrier: headers, getter: HEADERS },
      owner: null,
      isPart: false,
      details: null,
      attributes: {
        'http.request.method': METHODS.has(method) ? method : '_OTHER',
        'url.path': pathOf(url),
        'url.scheme': url.startsWith('https:') ? 'https' : 'http',
      },
    };
    const kind = method === 'GET' ? get : other;
    return tracing.run(kind, start, span => upgrade(request, { ...arrival, span }), finish);
  };
}

/** What a client did wrong is no error of the server's (semantic conventions for HTTP spans): it has a code only. */
function finish(span: Span, answer: Answer): void {
  span.setAttribute('http.response.status_code', answer?.status ?? SWITCHING_PROTOCOLS);
  const code = answer === undefined ? undefined : codeOf(answer);
  if (code !== undefined) span.setAttribute('error.type', code);
}
