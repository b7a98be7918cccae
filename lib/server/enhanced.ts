import type { Connection } from '../connection/connection.ts';
import { ExecutionContext } from '../enhancers/execution-context.ts';
import type { ConnectionHook, MessageHandler } from '../routing/route.ts';
import type { Envelope } from './envelope.ts';
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

/** Asks the guards of a handler; a promise only where one of them is asynchronous. @throws what they throw */
export function guard(
  connection: Connection,
  { guards }: MessageHandler,
  context: ExecutionContext,
): void | Promise<void> {
  return guards === null ? undefined : askGuards(guards, scopeOf(connection), context);
}

/** Calls with the interceptors of a hook around; without any it is just the call. */
export function around(
  connection: Connection,
  { interceptors }: Pick<ConnectionHook, 'interceptors'>,
  context: ExecutionContext,
  call: () => unknown,
): unknown {
  if (interceptors === null) return call();
  return intercept({ interceptors, scope: scopeOf(connection), context }, call);
}
