import { type DeclaredType, declarationsOf } from '../metadata/controller-metadata.ts';
import type { ValueOf } from './returns.ts';

/** The `data` of each event, for `Connection<Data, EventsOf<typeof events>>`. */
export type EventsOf<Declared extends Readonly<Record<string, unknown>>> = {
  [Name in keyof Declared]: ValueOf<Declared[Name]>;
};

/**
 * Checks and serialises the `data` of these events whenever they are emitted, by a connection of this
 * controller or by the `Publisher`. An event that is not named is not checked.
 *
 * A value that fails throws at the `emit`.
 *
 * @example
 * ```ts
 * const events = { message: Message };
 *
 * @WebSocketRoute('/chat')
 * @Emits(events)
 * class ChatController {
 *   @OnOpen()
 *   open(connection: Connection<object, EventsOf<typeof events>>) {
 *     connection.emit('message', { text: 'hi' });
 *   }
 * }
 * ```
 */
export function Emits(events: Readonly<Record<string, DeclaredType>>): ClassDecorator {
  return controller => {
    const own = declarationsOf(controller);
    own.emits = { ...own.emits, ...events };
  };
}
