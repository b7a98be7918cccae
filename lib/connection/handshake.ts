import type { Server, ServerWebSocket } from 'bun';
import type { ConnectionData } from './connection-data.ts';
import type { ConnectionUser } from './connection-user.ts';
import { parseQuery, type RawQuery } from './query-string.ts';
import { RequestParts, readCookies } from './request-parts.ts';
import { type Session, sessionOf } from './session.ts';

/** The connection of a handshake, once it is open. */
interface OpenConnection {
  readonly socket: Pick<ServerWebSocket, 'remoteAddress'> | null;
  belongTo(session: Session): void;
}

type SlotPart = 'params' | 'query' | 'headers' | 'cookies';

/** What the server knows of an upgrade request before any hook has run. */
export interface UpgradeRequest {
  readonly request: Request;
  readonly params: Record<string, string>;
  readonly server: Pick<Server<unknown>, 'requestIP'>;
  /** The one that was selected. */
  readonly subprotocol: string | undefined;
  /** The client's, where it was read already. */
  readonly address: string | undefined;
}

/**
 * The HTTP side of a connection: the upgrade request as hooks see it, and what is kept of it afterwards.
 *
 * `request`, `params`, `query`, `headers` and `cookies` are there during the upgrade only; until they are
 * validated a hook may change them. What a hook of the controller declares (`@Query()`, `@Param('room')`) is kept
 * for the life of the connection, and so are `url`, `path`, `ip`, `id`, `subprotocol` and `data`.
 */
export class Handshake<Data extends object = ConnectionData> {
  /** The request's whole URL, as the client asked for it. */
  readonly url: string;
  /** The subprotocol that was selected (RFC 6455 §1.9); `undefined` when none was. */
  readonly subprotocol: string | undefined;
  /** @internal Validated slots, by their number in the Route; `null` where a route has none. */
  slots: unknown[] | null = null;
  /** @internal Who it belongs to and until when; `null` where nobody said. */
  session: Session | null = null;
  /** @internal What lives as long as this connection and is disposed at its end, where there is anything. */
  scope: unknown = null;
  #upgrade: RequestParts | null;
  #connection: OpenConnection | null = null;
  #id: string | undefined = undefined;
  #ip: string | undefined = undefined;
  #data: Data | undefined = undefined;

  /** @internal */
  constructor({ request, params, server, subprotocol, address }: UpgradeRequest) {
    this.#ip = address;
    this.url = request.url;
    this.subprotocol = subprotocol;
    this.#upgrade = new RequestParts(request, params, server);
  }

  /**
   * The peer's address, in its IPv4 form where it has one; `undefined` on a unix socket. With `trustProxy` it is the
   * one that the proxy gives in `X-Forwarded-For`.
   */
  get ip(): string | undefined {
    this.#ip ??= plainAddress(
      this.#connection === null ? this.#upgrade?.address() : this.#connection.socket?.remoteAddress,
    );
    return this.#ip;
  }

  /** Names the connection in logs; the same as `connection.id`, made when it is first read. */
  get id(): string {
    this.#id ??= crypto.randomUUID();
    return this.#id;
  }

  /** Who it belongs to: what a guard or `@OnAuth()` returned as `user`. */
  get user(): ConnectionUser | undefined {
    return this.session?.user;
  }

  set user(user: ConnectionUser | undefined) {
    const session = sessionOf(user, this.session);
    if (this.#connection === null) this.session = session;
    else this.#connection.belongTo(session);
  }

  /** Yours to fill at the upgrade: it becomes `connection.data`. */
  get data(): Data {
    this.#data ??= {} as Data;
    return this.#data;
  }

  set data(data: Data) {
    this.#data = data;
  }

  /** The path of `url`, undecoded and without the query. */
  get path(): string {
    return pathOf(this.url);
  }

  /** The upgrade request itself. */
  get request(): Request {
    return this.#open('request').request ?? this.#gone('request');
  }

  /** Aborted when the client goes away during the upgrade, or when the upgrade takes too long. */
  get signal(): AbortSignal {
    const upgrade = this.#open('signal');
    if (upgrade.request === null) this.#gone('signal');
    upgrade.controller ??= new AbortController();
    return upgrade.controller.signal;
  }

  /** @internal The upgrade is over without a connection. */
  abort(reason: DOMException): void {
    this.#upgrade?.controller?.abort(reason);
  }

  /** Path parameters, percent-decoded. */
  get params(): Record<string, string> {
    return this.#open('params').params;
  }

  set params(params: Record<string, string>) {
    this.#open('params').params = params;
  }

  /** The query; a repeated key is a list. */
  get query(): RawQuery {
    const upgrade = this.#open('query');
    upgrade.query ??= parseQuery(searchOf(this.url));
    return upgrade.query;
  }

  set query(query: RawQuery) {
    this.#open('query').query = query;
  }

  /** The headers by lower-case name. */
  get headers(): Record<string, string> {
    const upgrade = this.#open('headers');
    upgrade.headers ??= upgrade.readHeaders();
    return upgrade.headers;
  }

  set headers(headers: Record<string, string>) {
    this.#open('headers').headers = headers;
  }

  /** The cookies by name; of a name sent twice the first counts. */
  get cookies(): Record<string, string> {
    const upgrade = this.#open('cookies');
    upgrade.cookies ??= readCookies(upgrade.cookieHeader());
    return upgrade.cookies;
  }

  set cookies(cookies: Record<string, string>) {
    this.#open('cookies').cookies = cookies;
  }

  /**
   * @internal A part of the request, or of one that no hook has read or changed what goes by these names: the texts of
   * the others are then never made.
   */
  pick(part: SlotPart, names: readonly string[]): Record<string, unknown> {
    const upgrade = this.#open(part);
    if (part === 'query' && upgrade.query === undefined) return parseQuery(searchOf(this.url), names);
    if (part === 'headers' && upgrade.headers === undefined) return upgrade.pickHeaders(names);
    return this[part];
  }

  /** @internal Lets go of the request: the upgrade is over. Its parts stay where something may ask for them later. */
  release(keepsParts: boolean): void {
    if (keepsParts) this.#upgrade?.release();
    else this.#upgrade = null;
  }

  /** @internal Reads the address while Bun knows it: something may ask for it after the close. Reading costs 0.6 µs. */
  keepAddress(): void {
    this.#ip ??= this.ip;
  }

  /** @internal The connection is open. */
  opened(connection: OpenConnection): void {
    this.#connection = connection;
  }

  #open(part: string): RequestParts {
    return this.#upgrade ?? this.#gone(part);
  }

  #gone(part: string): never {
    throw new Error(
      `handshake.${part} is there during the upgrade only: declare it in a hook (@Param(), @Query(), @Headers(), @Cookies()), or put what you need into handshake.data`,
    );
  }
}

/** The path of a request's URL. Bun gives a bare path where the Host header makes no URL, so no `new URL` here. */
export function pathOf(url: string): string {
  const start = pathStart(url);
  const end = url.indexOf('?', start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}

function searchOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}

function pathStart(url: string): number {
  if (url.startsWith('/')) return 0;
  const scheme = url.indexOf('://');
  if (scheme === -1) return 0;
  const start = url.indexOf('/', scheme + 3);
  return start === -1 ? url.length : start;
}

/** The peer's address, an IPv4 one without its IPv6 mapping. */
export function plainAddress(address: string | undefined): string | undefined {
  const isMapped = address?.startsWith('::') === true && address.includes('.') && /^::ffff:/i.test(address);
  return isMapped ? address.slice(7) : address;
}
