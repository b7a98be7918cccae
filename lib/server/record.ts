import type { Connection } from '../connection/connection.ts';
import type { ConnectionHook } from '../routing/route.ts';
import type { Frame } from './frames.ts';

/** A ping, pong or drain that waits for its hook. */
export interface Control {
  readonly hook: ConnectionHook;
  readonly bytes: Frame | undefined;
}

/** A bucket of tokens, one a message; it is filled by the clock of the sweep, which moves once a second. */
export interface Bucket {
  tokens: number;
  /** The clock when it was filled last; -1 before the first message. */
  tokensAt: number;
}

/** What the server keeps of one connection, from the moment on that there is something to keep. */
export class ConnectionRecord {
  /** Messages that wait for a free slot, in order; `null` while none does. */
  queue: unknown[] | null = null;
  /** Ids of the client's requests that have no reply yet. */
  unanswered: Set<string | number> | null = null;
  /** Ids of requests that the client has cancelled before there was a stream to stop. */
  cancelled: Set<string | number> | null = null;
  /** The streams that are being sent, by the id of the message they answer where it has one. */
  streams: Map<string | number | symbol, { stop(): void }> | null = null;
  /** Frames that are being read out of their turn; `null` while none is. */
  reading: Promise<void> | null = null;
  /** How many frames that is; a `$auth` that is being judged counts. */
  unread = 0;
  /** Called at the next drain of the send buffer. */
  drained: (() => void)[] | null = null;
  /** The server's clock when the socket was seen paused; `null` while it is read. */
  pausedAt: number | null = null;
  /** When the last messages came in that could not be read or failed their check. */
  badFrames: number[] | null = null;
  /** The same of messages that failed their check. */
  invalidMessages: number[] | null = null;
  /** Pings, pongs and drains that wait for the one whose hook runs; `null` while none runs. */
  controls: Control[] | null = null;
  /** The tokens of handlers that have a limit of their own. */
  buckets: Map<object, Bucket> | null = null;
  /** When messages came above the limit last, and in how many seconds in a row. */
  flood: { at: number; windows: number } | null = null;
  /** Whether a `$auth` is being judged. */
  isAuthenticating = false;
  /** Whether the application ended it: nothing of it is handled any more. */
  isAbandoned = false;
  /** Whether nothing new is taken in: the server closes. */
  isDraining = false;
}

/** The record of a connection; `null` while nothing of it is pending. */
export function recordOf({ record }: Pick<Connection, 'record'>): ConnectionRecord | null {
  return record as ConnectionRecord | null;
}

/** The record of a connection, made where there is none yet. */
export function keepRecord(connection: Pick<Connection, 'record'>): ConnectionRecord {
  connection.record ??= new ConnectionRecord();
  return connection.record as ConnectionRecord;
}
