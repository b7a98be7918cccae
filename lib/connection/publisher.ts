import { checkOutgoing } from './check-outgoing.ts';
import type { Connection } from './connection.ts';
import type { CheckOutgoing } from './connection-route.ts';
import type { ConnectionUser } from './connection-user.ts';
import { encodeValue } from './encoding.ts';
import { TopicTarget } from './topic-target.ts';
import { assertTopic, Topics } from './topics.ts';
import { UserTarget } from './user-target.ts';
import { Users } from './users.ts';

/**
 * Sends to the subscribers of topics, and to the connections of users, from anywhere: inject it into any provider or controller.
 *
 * A publisher reaches every subscriber; `connection.publish()` skips its own connection. Frames to one
 * connection keep the order in which they were published and sent.
 */
export class Publisher {
  /** @internal */
  readonly topics = new Topics();
  /** @internal */
  readonly users = new Users();
  #checks: ReadonlyMap<string, CheckOutgoing> = new Map();

  /**
   * Sends a value to every subscriber of a topic: text and bytes as they are, anything else as JSON.
   * Before the application listens there is nobody to send to.
   */
  publish(topic: string, value: unknown): void {
    assertTopic(topic);
    this.topics.publish(topic, encodeValue(value), null);
  }

  /** Addresses the subscribers of a topic, one connection excepted if asked: `to('room').except(connection)`. */
  to(topic: string): PublisherTarget {
    return new PublisherTarget(except => this.#target(topic, except));
  }

  /**
   * Addresses every connection of a user, on any route: those whose guard, or `@OnAuth()`, returned `{ user }` with
   * this id. `7` and `'7'` are two users.
   */
  user(id: ConnectionUser['id']): UserTarget {
    return new UserTarget({
      check: (event, data) => this.#check(event, data),
      connections: () => this.users.of(id),
      disconnectUpgrades: (code, except) => this.users.disconnectUpgrades(id, code, except),
    });
  }

  /** @internal What `@Emits()` says of events, in any controller. */
  checkEmitted(checks: ReadonlyMap<string, CheckOutgoing>): void {
    this.#checks = checks;
  }

  #target(topic: string, except: Connection | null): TopicTarget {
    return new TopicTarget({
      topic,
      check: (event, data) => this.#check(event, data),
      publish: (name, frame) => this.topics.publish(name, frame, except),
    });
  }

  #check(event: string, data: unknown): unknown {
    return checkOutgoing(this.#checks.get(event), data, `the data of "${event}"`);
  }
}

/** The subscribers of a topic; `except()` leaves one connection out. */
export class PublisherTarget {
  readonly #targetWithout: (except: Connection | null) => TopicTarget;
  readonly #everyone: TopicTarget;

  /** @internal */
  constructor(targetWithout: (except: Connection | null) => TopicTarget) {
    this.#targetWithout = targetWithout;
    this.#everyone = targetWithout(null);
  }

  /**
   * Sends `{"event": …, "data": …}` to every subscriber.
   *
   * @throws OutgoingError where `@Emits()` names the event and the data does not fit.
   */
  emit(event: string, data?: unknown): void {
    this.#everyone.emit(event, data);
  }

  /** Sends a bare value to every subscriber: text and bytes as they are, anything else as JSON. */
  publish(value: unknown): void {
    this.#everyone.publish(value);
  }

  /** The same subscribers without this connection, wherever the frame comes from. */
  except(connection: Connection): TopicTarget {
    return this.#targetWithout(connection);
  }
}
