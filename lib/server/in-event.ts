import type { Connection } from '../connection/connection.ts';
import type { Phase } from '../enhancers/execution-context.ts';
import { routeOf } from './host.ts';

/** Whom services work for that ask for it. */
export interface EventOf {
  readonly phase: Phase;
  readonly event?: string | undefined;
}

/** Runs what belongs to an event where services can ask for it (`EventContext`), where any does. */
export function inEvent<Result>(
  connection: Connection,
  { phase, event }: EventOf,
  run: () => Result,
): Result {
  const { context } = routeOf(connection);
  if (context === null) return run();
  return context.run({ phase, handshake: connection.handshake, connection, event }, run);
}
