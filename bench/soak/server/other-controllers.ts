import { Connection, Injectable, OnClose, OnMessage, OnOpen, Publisher, WebSocketRoute } from 'gatewire';
import type { Host } from '../../../lib/server/host.ts';
import { hostOf } from './inspection.ts';
import { Items } from './messages.ts';
import { Tally } from './tally.ts';

const FILLER = 'x'.repeat(16 * 1024);

@Injectable()
class Counted {
  constructor(private readonly tally: Tally) {}

  @OnOpen()
  open(connection: Connection) {
    this.tally.opened++;
    this.tally.watch(connection);
  }

  @OnClose()
  close() {
    this.tally.closed++;
  }
}

/** Whose echo must never be missed. */
@WebSocketRoute('/control')
export class ControlController {
  /** Of the server that the last control client is connected to. */
  static host: Host | null = null;

  @OnOpen()
  open(connection: Connection) {
    ControlController.host = hostOf(connection);
  }

  @OnMessage()
  echo(text: string) {
    return text;
  }
}

/** Closes clients that do not read. */
@WebSocketRoute('/strict', { backpressureLimit: 256 * 1024 })
export class StrictController extends Counted {
  @OnMessage('fill')
  fill({ count }: Items, connection: Connection) {
    for (let number = 1; number <= count; number++) connection.emit('filler', { number, FILLER });
  }
}

/** Leaves out frames for clients that do not read, and knows how many: those it sends and those of a topic. */
@WebSocketRoute('/lossy', { slowConsumer: 'drop', backpressureLimit: 256 * 1024 })
export class LossyController extends Counted {
  constructor(
    tally: Tally,
    private readonly publisher: Publisher,
  ) {
    super(tally);
  }

  @OnMessage('fill')
  fill({ count }: Items, connection: Connection) {
    connection.subscribe(connection.id);
    for (let number = 1; number <= count; number++) {
      if (number % 2 === 0) connection.emit('filler', { number, FILLER });
      else this.publisher.to(connection.id).emit('filler', { number, FILLER });
    }
  }

  @OnMessage('dropped')
  dropped(connection: Connection) {
    return connection.dropped;
  }
}

/** With the limits that every route has by default. */
@WebSocketRoute('/limited', { rateLimit: { rate: 50, burst: 100 } })
export class LimitedController extends Counted {
  @OnMessage('any')
  any() {
    return 'handled';
  }
}
