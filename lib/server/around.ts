import type { Connection } from '../connection/connection.ts';
import type { Phase } from '../enhancers/execution-context.ts';
import type { DescribedError } from '../enhancers/wire-error.ts';
import type { SpanFailure } from '../observability/tracing.ts';
import type { ConnectionHook } from '../routing/route.ts';
import type { Envelope } from './envelope.ts';

/** What was thrown, and what a client is told of it. */
export interface Told {
  readonly thrown: unknown;
  readonly described: DescribedError;
}

/** A failure as its span tells it: with what was thrown where that was not meant for the client. */
export function failureOf({ thrown, described: { error, isExpected } }: Told): SpanFailure {
  return isExpected ? { code: error.code } : { code: error.code, fault: { thrown } };
}

/** Something that happens to a connection, or a part of it. */
export interface EventOf {
  readonly phase: Phase;
  readonly event?: string | undefined;
  /** The hook it is for, where all of it begins here. */
  readonly hook?: ConnectionHook;
  /** The message of an events route. */
  readonly envelope?: Envelope | null;
  /** Where the part is what is done about a failure. */
  readonly failure?: Told;
}

/** Runs what belongs to an event of a connection; what it runs neither throws nor rejects where it has a hook. */
export type Around = <Result>(connection: Connection, event: EventOf, run: () => Result) => Result;
