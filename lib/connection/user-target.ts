import { assertCloseCode, CloseCodes, cutReason } from './close-codes.ts';
import type { Connection } from './connection.ts';
import { encodeEvent, encodeValue, type Payload } from './encoding.ts';
import type { Handshake } from './handshake.ts';
import type { UserConnection } from './users.ts';

/** How `app.disconnectUser()` closes. */
export interface DisconnectOptions {
  /** Default 4401, unauthenticated. */
  readonly code?: number;
  /** Default `signed out`; cut to 123 bytes. */
  readonly reason?: string;
}

/** How a target's frames are made, and for whom. */
export interface UserTargetParts {
  /** Checks and serialises the data of an event. */
  readonly check: (event: string, data: unknown) => unknown;
  readonly connections: () => ReadonlySet<UserConnection>;
  /** Keeps those on the way to be one from it. */
  readonly disconnectUpgrades: (code: number, except: object | null) => void;
}

/** Every connection of one user, to be addressed with `emit` or `publish`; `except()` leaves one out. */
export class UserTarget {
  readonly #parts: UserTargetParts;
  readonly #except: Connection | Handshake | null;

  /** @internal */
  constructor(parts: UserTargetParts, except: Connection | Handshake | null = null) {
    this.#parts = parts;
    this.#except = except;
  }

  /**
   * Sends `{"event": …, "data": …}` to the user's connections on events routes; on a plain route frames have no
   * envelope. Gives how many there were.
   *
   * @throws OutgoingError where `@Emits()` names the event and the data does not fit.
   */
  emit(event: string, data?: unknown): number {
    const frame = encodeEvent(event, this.#parts.check(event, data));
    return this.#write(
      frame,
      this.#connections().filter(({ route }) => route.canEmit),
    );
  }

  /** Sends a bare value to all of them: text and bytes as they are, anything else as JSON. Gives how many there were. */
  publish(value: unknown): number {
    return this.#write(encodeValue(value), this.#connections());
  }

  /**
   * The same user without this connection: the other devices of whoever did something. During the upgrade, while there is
   * no connection yet, it is told by its handshake.
   */
  except(connection: Connection | Handshake): UserTarget {
    return new UserTarget(this.#parts, connection);
  }

  /**
   * Closes all of them, with 4401 unless told otherwise; messages that wait for their handler are not handled any
   * more. Upgrades whose guard has let the user in already are refused, with 401, or with 403 for the code 4403. Gives how
   * many connections there were.
   *
   * @throws RangeError for a code that must not be sent (RFC 6455 §7.4).
   */
  close(code: number = CloseCodes.unauthenticated, reason = 'signed out'): number {
    assertCloseCode(code);
    const cut = cutReason(reason);
    const connections = this.#connections();
    for (const connection of connections) connection.close(code, cut);
    this.#parts.disconnectUpgrades(code, this.#except);
    return connections.length;
  }

  #connections(): readonly UserConnection[] {
    return [...this.#parts.connections()].filter(connection => connection !== this.#except);
  }

  #write(frame: Payload, connections: readonly UserConnection[]): number {
    for (const connection of connections) connection.write(frame);
    return connections.length;
  }
}
