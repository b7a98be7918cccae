import {
  Connection,
  Injectable,
  MessageBody,
  OnAuth,
  OnClose,
  OnMessage,
  OnOpen,
  OnPing,
  Publisher,
  Query,
  Scope,
  Signal,
  UseFilters,
  UseGuards,
  UseInterceptors,
  WebSocketRoute,
} from 'gatewire';
import { ChaosError, misbehave, pause } from './chaos.ts';
import { ChaosFilter, ContextInterceptor } from './enhancers.ts';
import { MoodyGuard, SessionGuard } from './guards.ts';
import { Ledger } from './ledger.ts';
import { Items, LaneQuery, Put, Renewal, Shout } from './messages.ts';
import { Desk } from './scope.ts';
import { Tally } from './tally.ts';

/** The route with everything: guards, a checked query, a scope of its own, sessions, streams, topics, requests. */
@WebSocketRoute('/lane')
@UseGuards(SessionGuard)
@Injectable({ scope: Scope.CONNECTION })
export class LaneController {
  #key = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly tally: Tally,
    private readonly publisher: Publisher,
    readonly desk: Desk,
  ) {}

  @OnOpen()
  open(connection: Connection, @Query() { key }: LaneQuery): void | Promise<void> {
    this.#key = key;
    this.tally.opened++;
    this.tally.watch(connection);
    if (key % 97 === 0) throw new ChaosError('the open hook throws');
    if (key % 5 === 0) return pause(3);
  }

  @OnClose()
  async close() {
    this.tally.closed++;
    if (this.#key % 2 === 0) await pause(2);
    if (this.#key % 10 === 0) throw new ChaosError('the close hook throws');
  }

  @OnMessage('put')
  put({ command, takes }: Put, connection: Connection): number | Promise<number> {
    const { session } = connection.handshake;
    // A sweep's time beside the clock's own.
    if (session !== null && Date.now() > session.expiresAt + 100) this.tally.handledLate++;
    return takes === 0 ? this.#apply(command) : pause(takes).then(() => this.#apply(command));
  }

  @OnMessage('misbehave')
  misbehave(how: string): unknown {
    return misbehave(how);
  }

  @OnMessage('guarded')
  @UseGuards(MoodyGuard)
  guarded(@MessageBody() how: string) {
    return how;
  }

  @OnMessage('hang')
  hang(@Signal() signal: AbortSignal) {
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  }

  @OnMessage('stream')
  async *stream({ count, every = 0 }: Items) {
    this.tally.streamsBegun++;
    try {
      for (let item = 1; item <= count; item++) {
        yield item;
        if (every > 0) await pause(every);
      }
    } finally {
      this.tally.streamsEnded++;
    }
  }

  @OnMessage('ask')
  ask(connection: Connection) {
    return connection.request('question', this.#key, { timeout: 400 });
  }

  @OnMessage('join')
  join(@MessageBody() topic: string, connection: Connection) {
    return connection.subscribe(topic);
  }

  @OnMessage('shout')
  shout({ topic, number }: Shout, connection: Connection) {
    connection.to(topic).emit('shouted', { from: this.#key, number });
  }

  @OnMessage('signOut')
  signOut(connection: Connection) {
    this.publisher.user(connection.user?.id ?? '').close();
  }

  /** Ends the connection with what waits behind. */
  @OnMessage('dismiss')
  dismiss(@MessageBody() how: string, connection: Connection) {
    if (how === 'closes') connection.close(4000, 'dismissed');
    else connection.terminate();
  }

  @OnPing()
  async ping() {
    await pause(2);
    if (this.#key % 7 === 0) throw new ChaosError('the ping hook throws');
  }

  @OnAuth()
  async renew({ lasts }: Renewal, connection: Connection) {
    await pause(2);
    return connection.user !== undefined && { user: connection.user, expiresAt: Date.now() + lasts };
  }

  #apply(command: number): number {
    this.ledger.record(this.#key, command);
    return command;
  }
}

/**
 * The same with an interceptor and a filter around everything, and with smaller limits than other routes have, for which
 * Gatewire measures each frame and serves topics itself.
 */
@WebSocketRoute('/measured', { backpressureLimit: 512 * 1024 })
@UseInterceptors(ContextInterceptor)
@UseFilters(ChaosFilter)
@Injectable({ scope: Scope.CONNECTION })
export class MeasuredLaneController extends LaneController {}
