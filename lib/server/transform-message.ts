import type { Connection } from '../connection/connection.ts';
import { isBytes } from '../connection/encoding.ts';
import type { ConnectionHook } from '../routing/route.ts';

/**
 * Runs the `@TransformMessage` hooks of a handler on a decoded value, one after another: what one returns is
 * what the next one takes, `undefined` keeps the value. A promise only where a hook gives one.
 *
 * @throws TypeError, also as a rejection, for bytes on an events route: its messages are JSON.
 */
export function transformMessage(
  connection: Connection,
  hooks: readonly ConnectionHook[],
  event: string | undefined,
  value: unknown,
): unknown {
  let current = value;
  for (const [at, hook] of hooks.entries()) {
    const before = current;
    const take = (result: unknown) => (result === undefined ? before : refuseBytes(hook, event, result));
    const result = hook.invoke(connection.controller, connection, current, event);
    if (result instanceof Promise) {
      const others = hooks.slice(at + 1);
      return result.then(settled => transformMessage(connection, others, event, take(settled)));
    }
    current = take(result);
  }
  return current;
}

function refuseBytes({ where }: ConnectionHook, event: string | undefined, result: unknown): unknown {
  if (event === undefined || !isBytes(result)) return result;
  throw new TypeError(`${where} returned bytes on an events route, whose messages are JSON`);
}
