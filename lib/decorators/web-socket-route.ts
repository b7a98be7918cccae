import { recordRoute } from '../metadata/record.ts';
import type { RouteOptions, RouteOptionsFactory } from '../metadata/route-options.ts';

/**
 * Makes a class a controller: the hooks of its methods serve the connections of this path.
 *
 * A path is static (`/chat`), has parameters (`/chat/:room`), an optional last one (`/chat/:room?`) or ends
 * in `/*`. A static segment wins over a parameter, a parameter over `*`; a trailing slash makes no difference.
 * The class is listed in the `controllers` of a module.
 *
 * @example
 * ```ts
 * @WebSocketRoute('/chat/:room', { maxPayloadLength: 16 * 1024 })
 * export class ChatController {}
 * ```
 */
export function WebSocketRoute(
  path: string,
  options: RouteOptions | RouteOptionsFactory = {},
): ClassDecorator {
  return (controller, ...context: unknown[]) => recordRoute(controller, context[0], { path, options });
}
