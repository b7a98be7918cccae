import { encodeEvent, encodeValue, type Payload } from './encoding.ts';
import { assertTopic } from './topics.ts';

/** Hands an encoded frame to the subscribers of a topic. */
export type PublishFrame = (topic: string, frame: Payload) => void;

/** The subscribers of one topic, to be addressed with `emit` or `publish`. */
export class TopicTarget {
  readonly #topic: string;
  readonly #publish: PublishFrame;

  constructor(topic: string, publish: PublishFrame) {
    assertTopic(topic);
    this.#topic = topic;
    this.#publish = publish;
  }

  /** Sends `{"event": …, "data": …}` to every subscriber. */
  emit(event: string, data?: unknown): void {
    this.#publish(this.#topic, encodeEvent(event, data));
  }

  /** Sends a bare value to every subscriber: text and bytes as they are, anything else as JSON. */
  publish(value: unknown): void {
    this.#publish(this.#topic, encodeValue(value));
  }
}
