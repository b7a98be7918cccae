import type { ConnectionData, DataArgument } from './connection-data.ts';
import { encodeEvent, encodeValue, type Payload } from './encoding.ts';
import { assertTopic } from './topics.ts';

/** How a target's frames are made and sent. */
export interface TargetParts {
  readonly topic: string;
  /** Checks and serialises the data of an event. */
  readonly check: (event: string, data: unknown) => unknown;
  readonly publish: (topic: string, frame: Payload) => void;
}

/** The subscribers of one topic, to be addressed with `emit` or `publish`. */
export class TopicTarget<Events extends object = ConnectionData> {
  readonly #parts: TargetParts;

  /** @internal */
  constructor(parts: TargetParts) {
    assertTopic(parts.topic);
    this.#parts = parts;
  }

  /**
   * Sends `{"event": …, "data": …}` to every subscriber.
   *
   * @throws OutgoingError where `@Emits()` names the event and the data does not fit.
   */
  emit<Name extends keyof Events & string>(event: Name, ...data: DataArgument<Events[Name]>): void;
  emit(event: string, data?: unknown): void {
    const { topic, check, publish } = this.#parts;
    publish(topic, encodeEvent(event, check(event, data)));
  }

  /** Sends a bare value to every subscriber: text and bytes as they are, anything else as JSON. */
  publish(value: unknown): void {
    this.#parts.publish(this.#parts.topic, encodeValue(value));
  }
}
