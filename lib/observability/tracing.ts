import { ConfigurationError } from '../errors.ts';
import { type CompleteLogger, describe } from './logger.ts';
import {
  type Attributes,
  type CarrierGetter,
  hasTracerProvider,
  loadOpenTelemetry,
  type OpenTelemetry,
  type Span,
  type SpanContext,
  type SpanScope,
} from './opentelemetry.ts';

/** How spans are made. */
export interface TracingOptions {
  /**
   * Whether clients are strangers: a `traceparent` that one sends then becomes a link of a span that begins a trace of
   * its own, so that nobody outside decides what is sampled. Default `false`: it is the parent.
   */
  readonly publicEndpoint?: boolean;
}

/** What a span is, decided at start. */
export interface SpanKindOf {
  readonly name: string;
  readonly kind: 'SERVER' | 'CONSUMER' | 'INTERNAL';
  readonly attributes: Attributes;
}

/** What a client sent along, and how to read it. */
export interface Sent<Carrier> {
  readonly carrier: Carrier;
  readonly getter: CarrierGetter<Carrier>;
}

/** What is known of a span when it begins. */
export interface SpanStart<Carrier> {
  /** `null` where the span is not the client's. */
  readonly sent: Sent<Carrier> | null;
  /** Whose span was kept that it is part of, or that it comes after; `null` where there is none. */
  readonly owner: object | null;
  readonly isPart: boolean;
  /** What a sampler may go by, beside what the kind says. */
  readonly attributes: Attributes | null;
  /** What is said of it besides. */
  readonly details: Attributes | null;
}

/** A failure, as a span tells it. */
export interface SpanFailure {
  /** What the client is told. */
  readonly code: string;
  /** What was thrown, where it is the server's own fault. */
  readonly fault?: { readonly thrown: unknown };
}

/**
 * Opens the tracing of an application; `null` makes no spans, and nothing of it is called then.
 *
 * @throws ConfigurationError with `GATEWIRE_MISSING_PACKAGE` where spans are asked for and there is no API for them.
 */
export async function openTracing(
  option: boolean | TracingOptions | undefined,
  logger: CompleteLogger,
): Promise<Tracing | null> {
  if (option === false || (option === undefined && !hasTracerProvider())) return null;
  const api = await loadOpenTelemetry();
  if (api !== null) return new Tracing(api, logger, typeof option === 'object' ? option : {});
  if (option === undefined) return null;
  throw new ConfigurationError([
    {
      code: 'GATEWIRE_MISSING_PACKAGE',
      where: 'createApplication() option "tracing"',
      what: '@opentelemetry/api is not installed',
      fix: 'Run: bun add @opentelemetry/api',
    },
  ]);
}

type Links = { context: SpanContext }[];

/** A span, and what to run in for it to be active. */
interface Begun {
  readonly span: Span;
  readonly scope: SpanScope;
}

/** Makes OpenTelemetry spans. What an SDK throws costs its span, and nothing else. */
export class Tracing {
  readonly #api: OpenTelemetry;
  readonly #tracer: ReturnType<OpenTelemetry['trace']['getTracer']>;
  readonly #logger: CompleteLogger;
  readonly #isPublic: boolean;
  readonly #kept = new WeakMap<object, [{ context: SpanContext }]>();
  #hasFailed = false;

  constructor(api: OpenTelemetry, logger: CompleteLogger, { publicEndpoint = false }: TracingOptions) {
    this.#api = api;
    this.#tracer = api.trace.getTracer('gatewire');
    this.#logger = logger;
    this.#isPublic = publicEndpoint;
  }

  /**
   * Runs with a span active that ends with what is run; `finish` says of it what is known by then. What is run gets the
   * span, or `null` where there is none.
   */
  run<Carrier, Result>(
    kind: SpanKindOf,
    start: SpanStart<Carrier>,
    run: (span: Span | null) => Result,
    finish: ((span: Span, result: Awaited<Result>) => void) | null = null,
  ): Result {
    const begun = this.#begin(kind, start);
    if (begun === null) return run(null);
    const { span, scope } = begun;
    try {
      const result = this.#api.context.with(scope, () => run(span));
      if (result instanceof Promise) this.#endLater(span, result, finish);
      else this.#end(span, result as Awaited<Result>, finish);
      return result;
    } catch (error) {
      this.#end(span, undefined, null);
      throw error;
    }
  }

  /** Keeps the name of a span for as long as its owner is there. */
  keep(owner: object, span: Span): void {
    try {
      const context = span.spanContext();
      // With no provider yet a span has none.
      if (this.#api.trace.isSpanContextValid(context)) this.#kept.set(owner, [{ context }]);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Tells the span that is active of a failure. */
  fail({ code, fault }: SpanFailure): void {
    const { trace, context, SpanStatusCode } = this.#api;
    try {
      const span = trace.getSpan(context.active());
      if (span === undefined) return;
      span.setAttribute('error.type', code);
      if (fault === undefined) return;
      span.recordException(describe(fault.thrown));
      span.setStatus({ code: SpanStatusCode.ERROR });
    } catch (error) {
      this.#failed(error);
    }
  }

  #begin<Carrier>(kind: SpanKindOf, start: SpanStart<Carrier>): Begun | null {
    const { SpanKind, trace } = this.#api;
    try {
      const { scope, links } = this.#origin(start);
      const attributes =
        start.attributes === null ? kind.attributes : { ...kind.attributes, ...start.attributes };
      const span = this.#tracer.startSpan(kind.name, { kind: SpanKind[kind.kind], attributes, links }, scope);
      if (start.details !== null) span.setAttributes(start.details);
      return { span, scope: trace.setSpan(scope, span) };
    } catch (error) {
      this.#failed(error);
      return null;
    }
  }

  /** What a span is part of, and what it is linked to. It never depends on what else happens to run. */
  #origin<Carrier>({ sent, owner, isPart }: SpanStart<Carrier>): { scope: SpanScope; links: Links } {
    const { ROOT_CONTEXT, trace, propagation } = this.#api;
    const kept = owner === null ? undefined : this.#kept.get(owner);
    if (isPart && kept !== undefined) {
      return { scope: trace.setSpanContext(ROOT_CONTEXT, kept[0].context), links: [] };
    }
    const links: Links = kept ?? [];
    if (sent === null) return { scope: ROOT_CONTEXT, links };
    const scope = propagation.extract(ROOT_CONTEXT, sent.carrier, sent.getter);
    if (!this.#isPublic) return { scope, links };
    const stranger = trace.getSpanContext(scope);
    return {
      scope: ROOT_CONTEXT,
      links: stranger === undefined ? links : [...links, { context: stranger }],
    };
  }

  /** It never rejects: what is run ends in the error boundary. */
  #endLater<Result>(
    span: Span,
    promise: Promise<Result>,
    finish: ((span: Span, result: Awaited<Result>) => void) | null,
  ): void {
    void promise.then(
      result => this.#end(span, result as Awaited<Result>, finish),
      () => this.#end(span, undefined, null),
    );
  }

  #end<Result>(span: Span, result: Result, finish: ((span: Span, result: Result) => void) | null): void {
    try {
      finish?.(span, result);
      span.end();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Once: what an SDK throws it may throw for every span. */
  #failed(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#logger.error({ error }, 'tracing failed, and may go on doing so');
  }
}
