import type { HookName } from '../metadata/controller-metadata.ts';
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
  return messageHook({ hook: 'message', decorator: 'OnMessage' }, event);
}

/**
 * Decodes frames your own way: takes the frame, text or bytes, and gives the message. The first result that
 * is not `undefined` counts, several run in the order they are declared, and Gatewire's own decoding comes
 * last. On an events route the result is the envelope, `{event, data, id}`.
 */
export function ParseMessage(): MethodDecorator {
  return messageHook({ hook: 'parseMessage', decorator: 'ParseMessage' });
}

/**
 * Runs before a message is checked: takes the decoded value (on an events route the envelope's `data`), may
 * change it or return another. With an event it runs for the messages of that event only.
 */
export function TransformMessage(event?: string): MethodDecorator {
  return messageHook({ hook: 'transformMessage', decorator: 'TransformMessage' }, event);
}

function messageHook(
  declared: { readonly hook: HookName; readonly decorator: string },
  event?: string,
): MethodDecorator {
  return (target, method, descriptor) =>
    recordHook(
      target,
      { method, descriptor: descriptor as PropertyDescriptor | undefined },
      event === undefined ? declared : { ...declared, event },
    );
}
