import type { Connection } from '../connection/connection.ts';
import type { ConnectionHook } from '../routing/route.ts';

/**
 * Runs the `@TransformMessage` hooks of a handler on a decoded value, one after another: what one returns is
 * what the next one takes, `undefined` keeps the value. A promise only where a hook gives one.
 */
export function transformMessage(
  connection: Connection,
  hooks: readonly ConnectionHook[],
  event: string | undefined,
  value: unknown,
): unknown {
  let current = value;
  for (const [at, hook] of hooks.entries()) {
    const result = hook.invoke(connection.controller, connection, current, event);
    if (result instanceof Promise) {
      const before = current;
      return result.then(settled =>
        transformMessage(connection, hooks.slice(at + 1), event, settled === undefined ? before : settled),
      );
    }
    if (result !== undefined) current = result;
  }
  return current;
}
