import type { ServerWebSocket } from 'bun';
import { CallSignals } from './call-signals.ts';
import { checkOutgoing } from './check-outgoing.ts';
import { assertCloseCode, CloseCodes, cutReason } from './close-codes.ts';
import type { ConnectionData, DataArgument } from './connection-data.ts';
import type { ServedConnectionRoute } from './connection-route.ts';
import type { ConnectionUser } from './connection-user.ts';
import { encodeEvent, encodeValue, isBytes, type Payload } from './encoding.ts';
import type { Handshake } from './handshake.ts';
import { PendingRequests, type RequestOptions } from './requests.ts';
import { type SendStatus, statusOf } from './sending.ts';
import type { Session } from './session.ts';
import { isSubscribed, leaveAll, subscribe, subscriptionsOf, unsubscribe } from './subscriptions.ts';
import { TopicTarget } from './topic-target.ts';
import { assertTopic } from './topics.ts';

/** How a connection ended, as it went over the wire. */
export interface ConnectionEnd {
  readonly code: number;
  readonly reason: string;
}

const DEFAULT_REQUEST_TIMEOUT = 10_000;
const NO_LONGER_OPEN = 3;

/**
 * One open WebSocket, from its upgrade to its close: every hook of a controller gets the same object.
 *
 * Nothing here throws because the peer is gone: late calls answer `'dropped'`, `false` or `[]`.
 */
export class Connection<Data extends object = ConnectionData, Events extends object = ConnectionData> {
  /** The HTTP side: url, path, ip, subprotocol. */
  readonly handshake: Handshake<Data>;
  /** @internal */
  readonly route: ServedConnectionRoute;
  /** @internal The controller instance whose hooks this connection calls. */
  readonly controller: object;
  /** @internal Free handler slots; 0 until `@OnOpen` has ended, -1 once `@OnClose` was called. */
  free = 0;
  /** @internal What the server keeps of it; `null` until there is something. */
  record: unknown = null;
  /** @internal What it takes of its address's share of the server; `null` where nobody counts. */
  place: object | null = null;
  /** @internal Set once the socket is closed; `@OnClose` then runs after the last message. */
  end: ConnectionEnd | null = null;
  /** @internal Messages that may come yet, by the limit of the route, and the clock when that was counted last. */
  tokens = 0;
  /** @internal */
  tokensAt = -1;
  /** @internal The signals that asynchronous hooks took; `null` while none did. */
  calls: CallSignals | null = null;
  /** @internal Its place among the connections of the server. */
  seat = -1;
  /** @internal The server's clock when the last frame came in. */
  seenAt = 0;
  /** @internal Bun's; `null` until it is open. */
  socket: ServerWebSocket<Connection> | null = null;
  /** @internal Topics that Bun does not serve it. */
  measuredTopics: Set<string> | null = null;
  /** @internal Frames that were left out. */
  lost = 0;
  #requests: PendingRequests | null = null;
  #abort: AbortController | null = null;

  /** @internal */
  constructor(route: ServedConnectionRoute, controller: object, handshake: Handshake<Data>) {
    this.route = route;
    this.controller = controller;
    this.handshake = handshake;
  }

  /** Names the connection in logs: a UUID, made when it is first read. */
  get id(): string {
    return this.handshake.id;
  }

  /** Yours: what the upgrade put into `handshake.data`, `{}` if nothing. */
  get data(): Data {
    return this.handshake.data;
  }

  set data(data: Data) {
    this.handshake.data = data;
  }

  /** Who it belongs to: what a guard or `@OnAuth()` returned as `user`; `undefined` where none did. */
  get user(): ConnectionUser | undefined {
    return this.handshake.user;
  }

  /** @internal By which id `Users` knows it. */
  get userId(): ConnectionUser['id'] | undefined {
    return this.handshake.session?.userId;
  }

  /**
   * The peer's address; `undefined` on a unix socket. Hooks know it after the close too; a connection that only
   * something else still holds then may not, if nobody has read it before.
   */
  get remoteAddress(): string | undefined {
    return this.handshake.ip;
  }

  /** Aborted when the connection closes, before `@OnClose` runs. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.end !== null && !this.#abort.signal.aborted) this.#abort.abort();
    return this.#abort.signal;
  }

  /** @internal A signal for one asynchronous call of a hook: it aborts when that takes too long, too. */
  signalOfCall(): AbortSignal {
    this.calls ??= new CallSignals();
    const signal = this.calls.open();
    if (this.end !== null) this.calls.abort();
    return signal;
  }

  /** Bun's own socket. What is sent, closed or paused through it bypasses Gatewire. */
  get raw(): ServerWebSocket<unknown> {
    return this.#open();
  }

  /** 1 while open, 3 afterwards; 0 before `@OnOpen`. */
  get readyState(): 0 | 1 | 2 | 3 {
    if (this.socket === null) return 0;
    return this.end === null ? this.socket.readyState : NO_LONGER_OPEN;
  }

  /** Bytes that were accepted for sending and wait for the client. */
  get bufferedAmount(): number {
    return this.socket?.getBufferedAmount() ?? 0;
  }

  /** How a binary message reaches `raw`'s own handlers; Gatewire's hooks get bytes in any case. */
  get binaryType(): 'nodebuffer' | 'arraybuffer' | 'uint8array' {
    return (this.#open().binaryType ?? 'nodebuffer') as 'nodebuffer' | 'arraybuffer' | 'uint8array';
  }

  set binaryType(type: 'nodebuffer' | 'arraybuffer' | 'uint8array') {
    this.#open().binaryType = type;
  }

  /** The topics this connection is subscribed to now. */
  get subscriptions(): readonly string[] {
    return subscriptionsOf(this);
  }

  /** Frames that were left out because the client was too slow; only `slowConsumer: 'drop'` leaves out any. */
  get dropped(): number {
    return this.lost;
  }

  /**
   * Sends one frame: text and bytes as they are, anything else as JSON. On a plain route whose text handler
   * has `@Returns()` the value is checked and serialised by it.
   *
   * A client that lets more than the route's `backpressureLimit` pile up is closed with 4008, or loses this
   * frame with `slowConsumer: 'drop'`.
   *
   * @throws TypeError for a value that JSON cannot hold (`undefined`, a function, a `Map`).
   * @throws OutgoingError for a value that does not fit `@Returns()`.
   */
  send(value: unknown): SendStatus {
    const { checkSent, name } = this.route;
    if (checkSent === null || isBytes(value)) return this.write(encodeValue(value));
    return this.write(encodeValue(checkOutgoing(checkSent, value, `what ${name} sends`)));
  }

  /**
   * Sends `{"event": …, "data": …}`.
   *
   * @throws TypeError on a plain route, where frames have no envelope.
   * @throws OutgoingError where `@Emits()` names the event and the data does not fit.
   */
  emit<Name extends keyof Events & string>(event: Name, ...data: DataArgument<Events[Name]>): SendStatus;
  emit(event: string, data?: unknown): SendStatus {
    this.#assertEvents('emit');
    return this.write(encodeEvent(event, this.#checkEmitted(event, data)));
  }

  /**
   * Asks the client and waits for its reply, `{"id": …, "data": …}`.
   *
   * Safe inside a handler: the reply does not wait behind it in this connection's queue.
   *
   * @throws RequestError with the client's own code, `timeout`, or `closed` when the client left.
   */
  request<Reply = unknown>(event: string, data?: unknown, options: RequestOptions = {}): Promise<Reply> {
    this.#assertEvents('request');
    const timeout = options.timeout ?? DEFAULT_REQUEST_TIMEOUT;
    this.#requests ??= new PendingRequests();
    const reply = this.#requests.open(event, timeout, id => {
      this.write(`${encodeEvent(event, data).slice(0, -1)},"id":${id}}`);
    });
    if (this.end !== null) this.#requests.abandon();
    // A paused socket would never show the reply.
    this.resume();
    return reply as Promise<Reply>;
  }

  /** Subscribes to a topic of the whole application; `false` once the connection is closed. */
  subscribe(topic: string): boolean {
    this.#open();
    return subscribe(this, topic);
  }

  /** `false` if it was not subscribed. */
  unsubscribe(topic: string): boolean {
    return unsubscribe(this, topic);
  }

  /** Whether it is subscribed to a topic now. */
  isSubscribed(topic: string): boolean {
    return isSubscribed(this, topic);
  }

  /**
   * Sends a value to the other subscribers of a topic, to this connection too only with `publishToSelf`.
   * It need not be subscribed itself.
   */
  publish(topic: string, value: unknown): void {
    assertTopic(topic);
    this.#publish(topic, encodeValue(value));
  }

  /** Addresses the other subscribers of a topic. */
  to(topic: string): TopicTarget<Events> {
    return new TopicTarget({
      topic,
      check: (event, data) => this.#checkEmitted(event, data),
      publish: (name, frame) => this.#publish(name, frame),
    });
  }

  /**
   * Closes with a close frame; frames sent before are flushed first, messages that wait for their handler are
   * not handled any more. Closing twice does nothing.
   *
   * @throws RangeError for a code that must not be sent (RFC 6455 §7.4). A reason is cut to 123 bytes.
   */
  close(code: number = CloseCodes.normal, reason = ''): void {
    assertCloseCode(code);
    const cut = cutReason(reason);
    if (this.end !== null) return;
    this.route.abandon(this);
    this.shut(code, cut);
  }

  /** @internal Closes for a reason of ours: what arrived before is still handled, as when the client closes. */
  shut(code: number, reason: string): void {
    if (this.end !== null) return;
    this.handshake.keepAddress();
    this.#open().close(code, reason);
  }

  /** Drops the TCP connection without a close frame; what is still queued is lost. */
  terminate(): void {
    if (this.end !== null) return;
    this.route.abandon(this);
    this.handshake.keepAddress();
    this.#open().terminate();
  }

  /** Runs a callback with its frames gathered into as few writes as possible. */
  cork<Result>(callback: () => Result): Result {
    return this.#open().cork(callback as () => Result & undefined) as Result;
  }

  /** Sends a ping of at most 125 bytes. */
  ping(data?: string | Uint8Array<ArrayBuffer>): SendStatus {
    return statusOf(this, this.#open().ping(data), data?.length ?? 0);
  }

  /** Sends an unasked pong of at most 125 bytes. */
  pong(data?: string | Uint8Array<ArrayBuffer>): SendStatus {
    return statusOf(this, this.#open().pong(data), data?.length ?? 0);
  }

  /** @internal Sends an encoded frame. */
  write(frame: Payload): SendStatus {
    return this.route.send(this, frame);
  }

  /** @internal Hands a frame to Bun for the other subscribers of a topic, and gives its answer; `null` once the socket is closed. */
  publishNatively(topic: string, frame: Payload): number | null {
    if (this.socket === null || this.end !== null) return null;
    return this.socket.publish(topic, frame as string | ArrayBuffer, this.route.compress);
  }

  /** @internal Whether a reply of the client may still be due. */
  get isAsking(): boolean {
    return this.#requests !== null && this.#requests.size > 0;
  }

  /** @internal Takes the client's reply to one of our requests. */
  settle(id: unknown, data: unknown, error: unknown): boolean {
    return this.#requests?.settle(id, data, error) ?? false;
  }

  /** @internal Whether somebody may listen for its end. */
  get hasSignal(): boolean {
    return this.#abort !== null || this.calls !== null;
  }

  /** @internal Whether its socket is not read. */
  get isPaused(): boolean {
    return this.end === null && this.socket?.isPaused === true;
  }

  /** @internal */
  pause(): void {
    if (this.end === null) this.socket?.pause();
  }

  /** @internal */
  resume(): void {
    if (this.end === null) this.socket?.resume();
  }

  /** @internal */
  attach(socket: ServerWebSocket<Connection>): void {
    this.socket = socket;
    this.handshake.opened(this);
    this.route.users.join(this);
  }

  /** @internal The socket is closed: everything that waits for the client ends. */
  detach(end: ConnectionEnd): void {
    this.end = end;
    this.#abort?.abort();
    this.calls?.abort();
    this.#requests?.abandon();
    this.#requests = null;
    leaveAll(this);
    this.route.users.leave(this);
  }

  /** @internal Who it belongs to from now on, and until when. */
  belongTo(session: Session): void {
    const { users } = this.route;
    users.leave(this);
    this.handshake.session = session;
    if (this.end === null) users.join(this);
  }

  #publish(topic: string, frame: Payload): void {
    this.route.topics.publish(topic, frame, this);
    if (this.route.publishToSelf && this.isSubscribed(topic)) this.write(frame);
  }

  #checkEmitted(event: string, data: unknown): unknown {
    return checkOutgoing(this.route.checksEmitted?.get(event), data, `the data of "${event}"`);
  }

  #open(): ServerWebSocket<Connection> {
    if (this.socket !== null) return this.socket;
    throw new Error('the connection is not open yet: its first hook is @OnOpen()');
  }

  #assertEvents(method: string): void {
    if (this.route.canEmit) return;
    throw new TypeError(
      `connection.${method}() needs an events route: ${this.route.name} is a plain route, use connection.send()`,
    );
  }
}
