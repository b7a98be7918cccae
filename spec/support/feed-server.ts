// Run as a process of its own by behaviour/acceptance-slow.spec.ts, without top-level await: as long as one is
// pending, Bun does not end a process that throws.
import { Connection, MessageBody, Module, OnClose, OnMessage, Publisher, WebSocketRoute } from 'gatewire';
import { Counted, EchoController, serveWatched } from './watched-application.ts';

const TOPIC = 'feed';

const listeners = new Set<Connection>();
/** The most bytes that ever waited for one of them. */
let mostWaiting = 0;
let published = 0;
/** How many frames had been published when a listener closed first. */
let firstLeft: number | undefined;

class Listening extends Counted {
  @OnMessage('listen')
  listen(connection: Connection) {
    listeners.add(connection);
    return connection.subscribe(TOPIC);
  }

  @OnClose()
  override close(code: number, connection: Connection) {
    super.close(code, connection);
    listeners.delete(connection);
    firstLeft ??= published;
  }
}

@WebSocketRoute('/feed')
class FeedController extends Listening {}

@WebSocketRoute('/lossy-feed', { slowConsumer: 'drop' })
class LossyFeedController extends Listening {}

/** Publishes numbered frames of 10 KiB to all of them, a few at a time. */
@WebSocketRoute('/publisher', { handlerTimeout: 0 })
class PublishingController extends Counted {
  constructor(private readonly publisher: Publisher) {
    super();
  }

  @OnMessage('publish')
  async publish(@MessageBody() count: number) {
    const padding = 'x'.repeat(10 * 1024);
    for (let at = 0; at < count; at++) {
      this.publisher.publish(TOPIC, { at, padding });
      published++;
      const waiting = [...listeners].map(({ bufferedAmount }) => bufferedAmount);
      mostWaiting = Math.max(mostWaiting, ...waiting);
      if (at % 5 === 0) await new Promise(resolve => setTimeout(resolve, 1));
    }
    return [...listeners].map(({ dropped }) => dropped);
  }
}

@Module({ controllers: [EchoController, FeedController, LossyFeedController, PublishingController] })
class FeedModule {}

void serveWatched(FeedModule, {
  details: app => ({ mostWaiting, firstLeft, members: app.server.subscriberCount(TOPIC) }),
});
