import type { ConnectionUser } from './connection-user.ts';
import type { Payload } from './encoding.ts';
import type { Session } from './session.ts';

/** A connection, as its user's others and the server see it. */
export interface UserConnection {
  /** `undefined` where it has no user. */
  readonly userId: ConnectionUser['id'] | undefined;
  readonly route: { readonly canEmit: boolean };
  write(frame: Payload): unknown;
  close(code: number, reason: string): void;
}

/** An upgrade on its way, whose user a guard may have told already. */
export interface UserUpgrade {
  readonly session: Pick<Session, 'userId'> | null;
}

const NONE: ReadonlySet<UserConnection> = new Set();

/** The open connections of one application that have a user, by its id, and who is on the way to be one. */
export class Users {
  readonly #byId = new Map<ConnectionUser['id'], Set<UserConnection>>();
  /** Upgrades whose hooks run, and the close code that their user was disconnected with meanwhile. */
  readonly upgrades = new Map<UserUpgrade, number | null>();

  /** How many users are connected. */
  get size(): number {
    return this.#byId.size;
  }

  /** Adds a connection to those of its user, if it has one. */
  join(connection: UserConnection): void {
    const id = connection.userId;
    if (id === undefined) return;
    const connections = this.#byId.get(id);
    if (connections === undefined) this.#byId.set(id, new Set([connection]));
    else connections.add(connection);
  }

  /** Takes it away again. */
  leave(connection: UserConnection): void {
    const id = connection.userId;
    if (id === undefined) return;
    const connections = this.#byId.get(id);
    connections?.delete(connection);
    if (connections?.size === 0) this.#byId.delete(id);
  }

  /** Keeps the user's upgrades from opening, one excepted. */
  disconnectUpgrades(id: ConnectionUser['id'], code: number, except: object | null): void {
    for (const upgrade of this.upgrades.keys()) {
      if (upgrade.session?.userId === id && upgrade !== except) this.upgrades.set(upgrade, code);
    }
  }

  /** The connections of a user now. */
  of(id: ConnectionUser['id']): ReadonlySet<UserConnection> {
    return this.#byId.get(id) ?? NONE;
  }
}
