import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { until } from './deadline.ts';

/** OpenTelemetry's SDK as a program registers it, with what it exports kept. */
export class Spans implements Disposable {
  readonly #exporter = new InMemorySpanExporter();

  constructor({ processors = [], sampler }: { processors?: SpanProcessor[]; sampler?: Sampler } = {}) {
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(this.#exporter), ...processors],
      ...(sampler === undefined ? {} : { sampler }),
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(provider);
  }

  /** The spans that have ended. */
  get ended(): readonly ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  /** The names of those, in the order in which they ended. */
  get names(): readonly string[] {
    return this.ended.map(({ name }) => name);
  }

  /** Waits for a span of this name, the `nth` one, to end. */
  async find(name: string, nth = 1): Promise<ReadableSpan> {
    const found = () => this.ended.filter(span => span.name === name);
    await until(() => found().length >= nth, `the span ${name}, but [${this.names.join(', ')}]`);
    return found()[nth - 1] as ReadableSpan;
  }

  [Symbol.dispose](): void {
    trace.disable();
    propagation.disable();
    context.disable();
  }
}

/** A span of somebody else, as it goes over the wire. */
export const REMOTE = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
