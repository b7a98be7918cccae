import type { Server } from 'bun';
import type { Connection } from './connection.ts';
import { encodeValue, type Payload } from './encoding.ts';
import { TopicTarget } from './topic-target.ts';
import { assertTopic } from './topics.ts';

/**
 * Sends to the subscribers of topics from anywhere: inject it into any provider or controller.
 *
 * A publisher reaches every subscriber; `connection.publish()` skips its own connection. Frames to one
 * connection keep the order in which they were published and sent.
 */
export class Publisher {
  #server: Server<Connection> | null = null;

  /**
   * Sends a value to every subscriber of a topic: text and bytes as they are, anything else as JSON.
   * Before the application listens there is nobody to send to.
   */
  publish(topic: string, value: unknown): void {
    assertTopic(topic);
    this.#publish(topic, encodeValue(value));
  }

  /** Addresses the subscribers of a topic, one connection excepted if asked: `to('room').except(connection)`. */
  to(topic: string): ExceptableTarget {
    return new ExceptableTarget(topic, (name, frame) => this.#publish(name, frame));
  }

  /** @internal */
  attach(server: Server<Connection> | null): void {
    this.#server = server;
  }

  #publish(topic: string, frame: Payload): void {
    // Bun compresses a server's publish unless told not to.
    this.#server?.publish(topic, frame as string | ArrayBuffer, false);
  }
}

/** The subscribers of a topic; `except()` leaves one connection out. */
export class ExceptableTarget extends TopicTarget {
  readonly #name: string;

  constructor(topic: string, publish: (topic: string, frame: Payload) => void) {
    super(topic, publish);
    this.#name = topic;
  }

  /** The same subscribers without this connection, wherever the frame comes from. */
  except(connection: Connection): TopicTarget {
    return new TopicTarget(this.#name, (name, frame) => connection.publishToOthers(name, frame));
  }
}
