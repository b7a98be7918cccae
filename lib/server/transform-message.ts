import type { Connection } from '../connection/connection.ts';
import { isBytes } from '../connection/encoding.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { ConnectionHook } from '../routing/route.ts';
import { isAbandoned } from './abandon.ts';
import type { Envelope } from './envelope.ts';
import { fail } from './error-boundary.ts';
import { withinTime } from './time-limit.ts';

/** What to do with the transformed value; it never throws. */
export type TakeTransformed = (value: unknown) => void | Promise<void>;

/**
 * Runs the `@TransformMessage` hooks of a handler on a decoded value, one after another: what one returns is
 * what the next one takes, `undefined` keeps the value. A throw is that hook's failure, and so are bytes on
 * an events route, whose messages are JSON. The promise never rejects.
 */
export function transformMessage(
  connection: Connection,
  hooks: readonly ConnectionHook[],
  message: { readonly envelope: Envelope | null; readonly value: unknown },
  take: TakeTransformed,
): void | Promise<void> {
  const [hook, ...others] = hooks;
  const { envelope, value } = message;
  if (hook === undefined) return take(value);
  const failed = (error: unknown) => fail(connection, { hook, envelope }, error);
  const next = (result: unknown) => {
    if (envelope !== null && isBytes(result)) return failed(bytesReturned(hook));
    const transformed = result === undefined ? value : result;
    return transformMessage(connection, others, { envelope, value: transformed }, take);
  };
  let result: unknown;
  try {
    result = hook.invoke(connection.controller, connection, value, envelope?.event);
    if (isPromise(result)) {
      const later = (settled: unknown) => (isAbandoned(connection) ? undefined : next(settled));
      return withinTime(connection, hook, result).then(later, failed);
    }
  } catch (error) {
    return failed(error);
  }
  return next(result);
}

function bytesReturned({ where }: ConnectionHook): TypeError {
  return new TypeError(`${where} returned bytes on an events route, whose messages are JSON`);
}
