import type { Connection } from '../connection/connection.ts';
import { ExecutionContext } from '../enhancers/execution-context.ts';
import type { ConnectionHook, MessageHandler } from '../routing/route.ts';
import type { Envelope } from './envelope.ts';
import { reportFailure } from './error-boundary.ts';
import type { Origin } from './frames.ts';
import { askGuards } from './guards.ts';
import { scopeOf } from './host.ts';
import { intercept } from './interceptors.ts';

/** A message on its way to a handler that has enhancers. */
export interface EnhancedMessage {
  readonly handler: MessageHandler;
  readonly envelope: Envelope | null;
  /** Decoded, not checked yet. */
  readonly value: unknown;
  /** What the interceptors around it have promised, where there are any. */
  result: object | undefined;
  /** Whether it has failed while a guard was asked. */
  isOver: boolean;
}

/** The context of a message for its guards and interceptors. */
export function messageContext(
  connection: Connection,
  { handler, envelope, value }: EnhancedMessage,
): ExecutionContext {
  const { handshake } = connection;
  return new ExecutionContext(handler.callee, {
    handshake,
    connection,
    data: value,
    pattern: envelope?.event,
  });
}

/** Asks the guards of a message's handler; a promise only where one of them is asynchronous. @throws what they throw */
export function guard(
  connection: Connection,
  message: EnhancedMessage,
  context: ExecutionContext,
): void | Promise<void> {
  const { guards } = message.handler;
  if (guards === null) return undefined;
  return askGuards(guards, { scope: scopeOf(connection), context, about: message });
}

/** A hook that may have interceptors, and the message it handles. */
interface Intercepted extends Origin {
  readonly hook: ConnectionHook;
}

/** Calls with the interceptors of a hook around; without any it is just the call. */
export function around(
  connection: Connection,
  origin: Intercepted,
  context: ExecutionContext,
  call: () => unknown,
): unknown {
  const { interceptors } = origin.hook;
  if (interceptors === null) return call();
  const report = (error: unknown) => reportFailure(connection, origin, error);
  return intercept({ interceptors, scope: scopeOf(connection), context, report }, call);
}
