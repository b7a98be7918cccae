// Run as a process of its own by behaviour/acceptance-*.spec.ts. There is no top-level await on purpose: as long as
// one is pending, Bun does not end a process that throws.
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsEmail, IsOptional, IsString, ValidateNested } from 'class-validator';
import {
  BeforeHandle,
  Connection,
  Handshake,
  MessageBody,
  Module,
  OnClose,
  OnMessage,
  OnOpen,
  OnPing,
  Publisher,
  Query,
  RateLimit,
  Signal,
  UnauthorizedException,
  UpgradeHeaders,
  WebSocketRoute,
} from 'gatewire';
import { misbehave } from './misbehave.ts';
import { Counted, counts, EchoController, serveWatched } from './watched-application.ts';

class SayDto {
  @IsString()
  text!: string;
}

class EmailDto {
  @IsEmail()
  email!: string;

  @IsOptional()
  @IsString()
  admin?: unknown;
}

class Item {
  @IsString()
  name!: string;
}

class FewItems {
  @ArrayMaxSize(100)
  @ValidateNested()
  @Type(() => Item)
  items!: Item[];
}

class AnyItems {
  @ValidateNested()
  @Type(() => Item)
  items!: Item[];
}

@WebSocketRoute('/events')
class EventsController extends Counted {
  @OnMessage('say')
  say({ text }: SayDto) {
    return text;
  }

  @OnMessage('email')
  email(dto: EmailDto) {
    return {
      ...dto,
      isAdmin: dto.admin !== undefined,
      isOwn: Object.getPrototypeOf(dto) === EmailDto.prototype,
    };
  }

  @OnMessage('few')
  few({ items }: FewItems) {
    return items.length;
  }

  @OnMessage('many')
  many({ items }: AnyItems) {
    return items.length;
  }

  @OnMessage('any')
  any(@MessageBody(() => Object) value: unknown) {
    return typeof value;
  }

  @OnMessage('part')
  part(@MessageBody('part', () => Object) value: unknown) {
    return typeof value;
  }

  @OnMessage('give')
  give(@MessageBody() what: string) {
    if (what === 'deep') return deep(50_000);
    if (what === 'deep list') return deepList(50_000);
    if (what === 'polluted') return String(({} as { x?: unknown }).x);
    return misbehave(what);
  }

  @OnMessage('ask')
  async ask(connection: Connection) {
    return typeof (await connection.request('question'));
  }
}

@WebSocketRoute('/plain')
class PlainController extends Counted {
  @OnMessage()
  any(@MessageBody(() => Object) value: unknown) {
    return typeof value;
  }
}

@WebSocketRoute('/bytes')
class BytesController extends Counted {
  @OnMessage()
  size(bytes: Uint8Array) {
    return bytes.byteLength;
  }
}

@WebSocketRoute('/deflated', { perMessageDeflate: true })
class DeflatedController extends Counted {
  @OnMessage()
  size(text: string) {
    return text.length;
  }
}

/** What `@BeforeHandle` hooks were called with and told, for a spec to ask for. */
const upgrades = { begun: 0, aborted: 0, ended: 0, afterwards: 0 };

/** The hook that `?before=` names. */
@WebSocketRoute('/guarded')
class GuardedController extends Counted {
  @BeforeHandle()
  async before(handshake: Handshake, @Query('before') before: string | undefined, signal: AbortSignal) {
    upgrades.begun++;
    signal.addEventListener('abort', () => upgrades.aborted++);
    if (before === 'refuses') return false;
    if (before === 'unauthorized') throw new UnauthorizedException();
    if (before === 'throws') throw new Error('secret-7f3a');
    if (before === 'hangs') await new Promise(() => {});
    if (before === 'aborts') {
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    }
    if (before === 'waits') await new Promise(resolve => signal.addEventListener('abort', resolve));
    if (before === 'listener throws') {
      signal.addEventListener('abort', () => {
        throw new Error('the listener is broken');
      });
      await new Promise(() => {});
    }
    upgrades.ended++;
    return handshake.ip !== undefined;
  }

  @UpgradeHeaders()
  headers(@Query('header') header: string | undefined) {
    upgrades.afterwards++;
    return header === undefined ? {} : { 'X-Room': header };
  }

  @OnMessage()
  ip(text: string, connection: Connection) {
    return text === 'ip' ? connection.remoteAddress : text;
  }
}

class Feed extends Counted {
  readonly #publisher: Publisher;

  constructor(publisher: Publisher) {
    super();
    this.#publisher = publisher;
  }

  @OnMessage('join')
  join(connection: Connection) {
    return connection.subscribe(connection.handshake.path);
  }

  /** Publishes so many frames of 64 KB, at the pace of the client that asked for it. */
  @OnMessage('pour')
  async pour(@MessageBody() count: number, connection: Connection) {
    const filling = 'x'.repeat(64_000);
    for (let at = 0; at < count; at++) {
      this.#publisher.publish(connection.handshake.path, `${at} ${filling}`);
      while (connection.bufferedAmount > 0) await new Promise(resolve => setTimeout(resolve, 1));
    }
    return 'poured';
  }
}

@WebSocketRoute('/feed')
class FeedController extends Feed {
  constructor(publisher: Publisher) {
    super(publisher);
  }
}

@WebSocketRoute('/lossy-feed', { slowConsumer: 'drop' })
class LossyFeedController extends Feed {
  constructor(publisher: Publisher) {
    super(publisher);
  }
}

/** What its hooks did, in order. */
const steps: string[] = [];

@WebSocketRoute('/limited')
class LimitedController extends Counted {
  @OnMessage('any')
  any() {
    return 'handled';
  }

  @OnMessage('rare')
  @RateLimit({ rate: 1, burst: 2 })
  rare() {
    return 'handled';
  }

  @OnMessage('often')
  @RateLimit({ rate: 1000, burst: 1000 })
  often() {
    return 'handled';
  }

  @OnMessage('ask')
  ask(connection: Connection) {
    void connection.request('question').catch(() => {});
  }

  @OnMessage('join')
  join(@MessageBody() topic: string, connection: Connection) {
    return connection.subscribe(topic);
  }

  @OnMessage('joinMany')
  joinMany(connection: Connection) {
    for (let at = 1; at <= 1000; at++) connection.subscribe(`topic ${at}`);
  }

  @OnMessage('topics')
  topics(connection: Connection) {
    return connection.subscriptions.length;
  }

  @OnMessage('hang')
  async hang(@Signal() signal: AbortSignal) {
    signal.addEventListener('abort', () => steps.push(`aborted: ${signal.reason.name}`));
    await new Promise(() => {});
  }

  @OnMessage('late')
  async late(@Signal() signal: AbortSignal) {
    await new Promise(resolve => signal.addEventListener('abort', resolve));
    await new Promise(resolve => setTimeout(resolve, 10));
    steps.push('late');
    return 'too late';
  }

  @OnMessage('steps')
  steps() {
    return steps.splice(0);
  }

  @OnMessage('busy')
  busy(@MessageBody() milliseconds: number) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
    return 'free again';
  }

  @OnMessage('ticks')
  async *ticks(@Signal() signal: AbortSignal) {
    while (!signal.aborted) {
      yield 'tick';
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}

@WebSocketRoute('/limited-plain')
class LimitedPlainController extends Counted {
  @OnMessage()
  echo(text: string) {
    return text;
  }
}

/** Its pings take their time, and its `@OnOpen` longer. */
@WebSocketRoute('/pinged', { maxPending: 8 })
class PingedController {
  @OnOpen()
  async open() {
    counts.opened++;
    steps.push('open');
    await new Promise(resolve => setTimeout(resolve, 50));
    steps.push('opened');
  }

  @OnPing()
  async ping(bytes: Uint8Array) {
    steps.push(`ping ${Buffer.from(bytes)}`);
    await new Promise(resolve => setTimeout(resolve, 5));
    steps.push('pinged');
  }

  @OnMessage('steps')
  steps() {
    return [...steps];
  }

  @OnClose()
  close() {
    counts.closed++;
  }
}

@WebSocketRoute('/spoken', { subprotocols: ['b'] })
class SpokenController extends Counted {
  @OnMessage()
  echo(text: string) {
    return text;
  }
}

@WebSocketRoute('/other', { subprotocols: ['c'] })
class OtherController extends SpokenController {}

@WebSocketRoute('/listed', { origins: ['https://app.example.com', 'https://*.example.com'] })
class ListedController extends SpokenController {}

@WebSocketRoute('/browsers', { requireOrigin: true })
class BrowsersController extends SpokenController {}

@WebSocketRoute('/rooms/:room')
class RoomController extends SpokenController {}

function deep(levels: number): object {
  let value: object = {};
  for (let level = 0; level < levels; level++) value = { value };
  return value;
}

function deepList(levels: number): object {
  let value: object = [];
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

@Module({
  controllers: [
    ...[EventsController, PlainController, BytesController, DeflatedController, EchoController],
    ...[
      LimitedController,
      LimitedPlainController,
      PingedController,
      FeedController,
      LossyFeedController,
      GuardedController,
      SpokenController,
      OtherController,
      ListedController,
      BrowsersController,
      RoomController,
    ],
  ],
})
class AcceptanceModule {}

void serveWatched(AcceptanceModule, { details: () => ({ upgrades }) });
