import type { Payload } from './encoding.ts';
import type { Sender, SendStatus } from './sending.ts';
import type { Session } from './session.ts';
import type { Topics } from './topics.ts';
import type { Users } from './users.ts';

/** Gives what is to be sent for a value, an `Invalid`, or a promise of either. */
export type CheckOutgoing = (value: unknown) => unknown;

/** What a connection needs of the route it belongs to, and of the server that serves it. */
export interface ConnectionRoute {
  /** The controller's class name, for messages. */
  readonly name: string;
  readonly kind: 'plain' | 'events';
  /** Whether envelopes may be sent: not on a route whose clients send plain frames. */
  readonly canEmit: boolean;
  /** Topics that a connection may be subscribed to. */
  readonly maxTopics: number;
  /** Bytes that may wait for a slow client. */
  readonly backpressureLimit: number;
  /** Whether a client that is too slow loses frames instead of its connection. */
  readonly dropsFrames: boolean;
  readonly publishToSelf: boolean;
  /** Whether its frames are compressed where the client can. */
  readonly compress: boolean;
  /** Checks what `connection.send()` sends, by the `@Returns()` of a plain route. */
  readonly checkSent: CheckOutgoing | null;
  /** Checks what is emitted, by event (`@Emits()`). */
  readonly checksEmitted: ReadonlyMap<string, CheckOutgoing> | null;
}

/** A connection, as far as it has an end before its messages have theirs. */
export interface Abandonable {
  /** What the server keeps of it. */
  record: unknown;
  /** Set once the socket is closed. */
  readonly end: object | null;
  readonly handshake: { readonly session: Session | null };
  close(code: number, reason: string): void;
}

/** A route that is served: its limits among those of the server's other routes, the topics and the users. */
export interface ServedConnectionRoute extends ConnectionRoute {
  readonly topics: Topics;
  /** The open connections that have a user. */
  readonly users: Users;
  /** Forgets the messages of a connection that wait for their handler. */
  readonly abandon: (connection: { record: unknown }) => void;
  /** Whether what a promise waits for may still reach its handler. */
  readonly isDue: (connection: Abandonable, promise: object) => boolean;
  /**
   * Whether Bun cannot enforce its limits, because another route of the server has larger ones or because it
   * counts what it drops: then every frame is measured here, and topics reach it by our own loop.
   */
  readonly isMeasured: boolean;
  /** Sends an encoded frame to one connection; with metrics it is counted. */
  readonly send: (sender: Sender, frame: Payload) => SendStatus;
}
