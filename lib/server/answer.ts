import type { Connection } from '../connection/connection.ts';
import { isStream } from '../enhancers/items.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { ConnectionHook } from '../routing/route.ts';
import { checkResult } from './check-result.ts';
import { freeId } from './correlation.ts';
import type { Envelope } from './envelope.ts';
import { fail } from './error-boundary.ts';
import { resultFrame } from './frames.ts';
import { streamResult } from './stream.ts';
import { withinTime } from './time-limit.ts';

/**
 * Sends what a hook returned. Nothing is sent for `undefined`, unless the message asked for a reply by its
 * id: then `null`. The promise is there only where the hook was asynchronous; it never rejects.
 *
 * A throw is the caller's to catch: what cannot be serialised is the hook's failure.
 */
export function answer(
  connection: Connection,
  hook: ConnectionHook,
  envelope: Envelope | null,
  result: unknown,
): void | Promise<void> {
  if (result === undefined && envelope?.id === undefined) return;
  if (typeof result === 'object' && result !== null) {
    if (isPromise(result)) {
      return later(connection, hook, envelope, withinTime(connection, hook, result), answer);
    }
    if (isStream(result)) return streamResult(connection, hook, envelope, result);
  }
  if (hook.returns === null) return write(connection, hook, envelope, result);
  const checked = checkResult(hook, result);
  if (checked instanceof Promise) {
    return later(connection, hook, envelope, withinTime(connection, hook, checked), write);
  }
  write(connection, hook, envelope, checked);
}

function write(
  connection: Connection,
  hook: ConnectionHook,
  envelope: Envelope | null,
  value: unknown,
): void {
  connection.write(resultFrame(connection, { hook, envelope }, value));
  if (envelope?.id !== undefined) freeId(connection, envelope.id);
}

async function later(
  connection: Connection,
  hook: ConnectionHook,
  envelope: Envelope | null,
  promise: PromiseLike<unknown>,
  next: typeof answer,
): Promise<void> {
  try {
    await next(connection, hook, envelope, await promise);
  } catch (error) {
    await fail(connection, { hook, envelope }, error);
  }
}
