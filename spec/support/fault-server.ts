// Run as a process of its own by behaviour/faults.spec.ts. There is no top-level await on purpose: as long as
// one is pending, Bun does not end a process that throws.
import {
  BeforeHandle,
  Connection,
  createApplication,
  Handshake,
  type Logger,
  MessageBody,
  Module,
  OnClose,
  OnDrain,
  OnError,
  OnMessage,
  OnOpen,
  OnPing,
  OnPong,
  Signal,
  WebSocketRoute,
} from 'gatewire';
import { EnhancedController, PipedSlotsController } from './faulty-enhancers.ts';
import { misbehave } from './misbehave.ts';
import { Counted, counts, EchoController, serveWatched } from './watched-application.ts';

/** Which hook fails in which way, from the query of the upgrade: `?open=throws`. */
type Faults = Record<string, string | undefined>;

const MIB = 2 ** 20;

/** What late calls on a closed connection gave, for the spec to ask for. */
let late: unknown;

/** Fails as the query says, once. */
function failOnce(faults: Faults, hook: string): unknown {
  const fault = faults[hook];
  delete faults[hook];
  return misbehave(fault);
}

/** Every hook but `@OnError` and `@OnMessage`; a subclass gives them its path. */
class FaultyHooks {
  @BeforeHandle()
  before(handshake: Handshake<Faults>) {
    handshake.data = { ...(handshake.query as Faults) };
    return failOnce(handshake.data, 'before');
  }

  @OnOpen()
  open(connection: Connection<Faults>) {
    counts.opened++;
    return failOnce(connection.data, 'open');
  }

  @OnDrain()
  drain(connection: Connection<Faults>) {
    return failOnce(connection.data, 'drain');
  }

  @OnPing()
  ping(connection: Connection<Faults>) {
    return failOnce(connection.data, 'ping');
  }

  @OnPong()
  pong(connection: Connection<Faults>) {
    return failOnce(connection.data, 'pong');
  }

  @OnClose()
  close(connection: Connection<Faults>) {
    counts.closed++;
    console.log(JSON.stringify({ closed: connection.id }));
    return failOnce(connection.data, 'close');
  }
}

@WebSocketRoute('/plain')
class PlainController extends FaultyHooks {
  @OnMessage()
  handle(text: string) {
    const [what, fault] = text.split(' ');
    return what === 'fail' ? misbehave(fault) : 'alive';
  }
}

@WebSocketRoute('/events', { backpressureLimit: 64 * MIB })
class EventsController extends FaultyHooks {
  @OnMessage('fail')
  fail(@MessageBody('fault') fault: string) {
    return misbehave(fault);
  }

  @OnMessage('alive')
  alive() {
    return 'alive';
  }

  @OnMessage('fill')
  fill(connection: Connection) {
    return connection.send('x'.repeat(32 * MIB));
  }

  @OnMessage('pingMe')
  pingMe(connection: Connection) {
    connection.ping('a secret');
  }

  @OnMessage('subscribe')
  subscribe(@MessageBody() topic: string, connection: Connection) {
    return connection.subscribe(topic);
  }

  @OnMessage('closeSelf')
  async closeSelf(@MessageBody() how: string, connection: Connection) {
    connection.subscribe('room');
    await null;
    if (how === 'close') connection.close(4000, 'by itself');
    else connection.terminate();
    late = useLate(connection);
    await new Promise(resolve => setTimeout(resolve, 5));
    late = [late, useLate(connection)];
    return 'too late';
  }

  @OnMessage('askAndForget')
  askAndForget(connection: Connection) {
    void connection.request('question');
    return 'asked';
  }

  @OnMessage('waitForEnd')
  async waitForEnd(@MessageBody() fault: string, connection: Connection, @Signal() signal: AbortSignal) {
    connection.emit('waiting');
    await new Promise(resolve => signal.addEventListener('abort', resolve));
    return misbehave(fault);
  }

  @OnMessage('listen')
  listen(@Signal() signal: AbortSignal) {
    signal.addEventListener('abort', () => misbehave('throws'));
    return 'listening';
  }

  @OnMessage('endless')
  async *endless(@MessageBody() fault: string, @Signal() signal: AbortSignal) {
    try {
      yield 'first';
      await new Promise(resolve => signal.addEventListener('abort', resolve));
    } finally {
      await misbehave(fault);
    }
  }

  @OnMessage('ticks')
  async *ticks(@MessageBody() fault: string) {
    try {
      for (;;) {
        yield 'tick';
        await new Promise(resolve => setTimeout(resolve, 1));
      }
    } finally {
      await misbehave(fault);
    }
  }
}

/** Everything that could throw because the peer is gone. */
function useLate(connection: Connection): unknown[] {
  connection.publish('room', 'late');
  connection.to('room').emit('late');
  connection.close(4001);
  connection.terminate();
  return [
    connection.send('late'),
    connection.emit('late'),
    connection.subscribe('room'),
    connection.unsubscribe('room'),
    connection.ping(),
  ];
}

@WebSocketRoute('/on-error')
class OnErrorController extends EventsController {
  @OnError()
  error(_error: unknown, about: unknown, connection: Connection<Faults>) {
    return failOnce(connection.data, 'error') ?? { about };
  }
}

@WebSocketRoute('/left')
class LeftController extends Counted {
  @OnMessage('join')
  join(connection: Connection) {
    return connection.subscribe('left');
  }

  @OnMessage('wait')
  async wait(@Signal() signal: AbortSignal) {
    await new Promise(resolve => signal.addEventListener('abort', resolve));
    await new Promise(resolve => setTimeout(resolve, 5));
  }

  @OnClose()
  override close(code: number, connection: Connection) {
    super.close(code, connection);
    connection.to('left').emit('left', 'someone');
  }
}

@Module({
  controllers: [
    PlainController,
    EventsController,
    OnErrorController,
    EchoController,
    LeftController,
    EnhancedController,
    PipedSlotsController,
  ],
})
class FaultyModule {}

const throwing = () => {
  throw new Error('the log is full');
};
const throwingLogger: Logger = { debug: throwing, info: throwing, warn: throwing, error: throwing };
const rejecting = async () => throwing();
const rejectingLogger: Logger = { debug: rejecting, info: rejecting, warn: rejecting, error: rejecting };

/** The control client is echoed to as fast as it can be. */
const UNLIMITED = { rateLimit: false } as const;

async function main() {
  const mute = await createApplication(FaultyModule, { logger: throwingLogger, websocket: UNLIMITED });
  const muteLater = await createApplication(FaultyModule, { logger: rejectingLogger, websocket: UNLIMITED });
  for (const each of [mute, muteLater]) await each.listen({ port: 0, hostname: '127.0.0.1' });
  console.log(JSON.stringify({ muteUrls: { throwing: mute.url, rejecting: muteLater.url } }));
  await serveWatched(FaultyModule, {
    websocket: UNLIMITED,
    fetch: async request => {
      await misbehave(new URL(request.url).pathname.split('/http/')[1]);
      return new Response('ok');
    },
    routes: { '/route/:fault': (request: Bun.BunRequest) => misbehave(request.params.fault) as Response },
    details: app => ({ late, members: app.server.subscriberCount('room') }),
  });
}

void main();
