import type { Connection } from '../connection/connection.ts';
import type { EventContext } from '../enhancers/event-context.ts';
import type { Around, EventOf } from './around.ts';
import { routeOf } from './host.ts';

/** Runs what belongs to an event with what is around it, where there is anything. */
export function inEvent<Result>(connection: Connection, event: EventOf, run: () => Result): Result {
  const { around } = routeOf(connection);
  return around === null ? run() : around(connection, event, run);
}

/** Lets services ask for the event (`EventContext`). */
export function inContext(context: EventContext): Around {
  return (connection, { phase, event }, run) =>
    context.run({ phase, handshake: connection.handshake, connection, event }, run);
}
