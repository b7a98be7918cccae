import { recordHook } from '../metadata/record.ts';

/**
 * Handles messages; what the method returns is the reply.
 *
 * Without an event the route is *plain*: the whole frame is the message. It may have one handler for text
 * and one for binary frames (its body is a `Uint8Array` or `Buffer`).
 * With an event it is an *events* route: the frame is `{"event": "say", "data": …}`, and `'*'` handles
 * every event that has no handler of its own.
 */
export function OnMessage(event?: string): MethodDecorator {
  return (target, method, descriptor) =>
    recordHook(
      target,
      { method, descriptor: descriptor as PropertyDescriptor | undefined },
      { hook: 'message', decorator: 'OnMessage', ...(event === undefined ? {} : { event }) },
    );
}
