/** Names a span to others. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** OpenTelemetry's `Context`: what code runs in, a span among it. */
export interface SpanScope {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): SpanScope;
  deleteValue(key: symbol): SpanScope;
}

/** What is said of a span. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span that is going on. */
export interface Span {
  spanContext(): SpanContext;
  setAttribute(name: string, value: string | number): unknown;
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { readonly code: number }): unknown;
  recordException(exception: Error): void;
  end(): void;
}

/** How a span begins. */
export interface SpanOptions {
  readonly kind: number;
  readonly attributes: Attributes;
  readonly links: { context: SpanContext }[];
}

/** How values are read from what a client sent. */
export interface CarrierGetter<Carrier> {
  get(carrier: Carrier, name: string): string | undefined;
  keys(carrier: Carrier): string[];
}

/**
 * What is used of `@opentelemetry/api`, in types of our own: that package is optional, and its types would be missed where
 * it is not installed.
 */
export interface OpenTelemetry {
  readonly ROOT_CONTEXT: SpanScope;
  readonly SpanKind: { readonly INTERNAL: number; readonly SERVER: number; readonly CONSUMER: number };
  readonly SpanStatusCode: { readonly ERROR: number };
  readonly trace: {
    getTracer(name: string): { startSpan(name: string, options: SpanOptions, scope: SpanScope): Span };
    setSpan(scope: SpanScope, span: Span): SpanScope;
    setSpanContext(scope: SpanScope, context: SpanContext): SpanScope;
    getSpan(scope: SpanScope): Span | undefined;
    getSpanContext(scope: SpanScope): SpanContext | undefined;
    isSpanContextValid(context: SpanContext): boolean;
  };
  readonly context: {
    active(): SpanScope;
    with<Result>(scope: SpanScope, run: () => Result): Result;
  };
  readonly propagation: {
    extract<Carrier>(scope: SpanScope, carrier: Carrier, getter: CarrierGetter<Carrier>): SpanScope;
  };
}

/** Where every copy of `@opentelemetry/api` 1.x keeps what a program has registered. */
const GLOBAL = Symbol.for('opentelemetry.js.api.1');

/** Whether the program has a tracer provider by now. Nothing is loaded to know. */
export function hasTracerProvider(): boolean {
  const registered = (globalThis as { [GLOBAL]?: { trace?: unknown } })[GLOBAL];
  return registered?.trace !== undefined;
}

/** The API; `null` where it is not installed. */
export async function loadOpenTelemetry(): Promise<OpenTelemetry | null> {
  try {
    return await import('@opentelemetry/api');
  } catch {
    // An optional package: whether it is missed is for the caller to say.
    return null;
  }
}
