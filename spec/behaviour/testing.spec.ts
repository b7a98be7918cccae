import { IsString, MaxLength } from 'class-validator';
import {
  BeforeHandle,
  ConfigurationError,
  Connection,
  ForbiddenException,
  Handshake,
  Injectable,
  Module,
  OnClose,
  OnMessage,
  OnOpen,
  Param,
  Publisher,
  Query,
  Scope,
  UpgradeHeaders,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { ErrorReply, Test, type TestingApplication, UpgradeRefused } from 'gatewire/testing';
import { describe, expect, it, vi } from 'vitest';
import { memoryLogger } from '../support/application.ts';

class Say {
  @IsString() @MaxLength(5) text!: string;
}

@Injectable()
class Clock {
  now(): string {
    return new Date().toISOString();
  }
}

/** Says how often each step of a pipeline ran. */
@Injectable()
class Steps {
  readonly counted: string[] = [];
}

@WebSocketRoute('/chat/:room', { subprotocols: ['chat.v1'] })
class ChatController {
  constructor(
    private readonly clock: Clock,
    private readonly steps: Steps,
    private readonly publisher: Publisher,
  ) {}

  @BeforeHandle()
  async judge(handshake: Handshake, @Query('name') name: string) {
    this.steps.counted.push('judge');
    if (name === 'mallory') throw new ForbiddenException('Mallory may not come in');
    if (name === 'nobody') return new Response('who?', { status: 418, headers: { 'X-Pot': 'tea' } });
    handshake.data.name = name;
    return true;
  }

  @UpgradeHeaders()
  headers() {
    return { 'X-Greeting': 'hello' };
  }

  @OnOpen()
  open(connection: Connection, @Param('room') room: string) {
    this.steps.counted.push('open');
    connection.subscribe(room);
    for (const at of [1, 2, 3]) connection.emit('welcome', { at });
  }

  @OnMessage('say')
  say(body: Say, @Param('room') room: string) {
    this.publisher.to(room).emit('said', { text: body.text });
    return { at: this.clock.now() };
  }

  @OnMessage('count')
  async *count(to: number) {
    for (let at = 1; at <= to; at++) yield at;
    if (to > 3) throw new WsException('too far', 'too_far');
  }

  @OnMessage('ask')
  async ask(connection: Connection) {
    return { answer: await connection.request('question', { of: 'life' }) };
  }

  @OnMessage('silence')
  async silence(connection: Connection) {
    await new Promise(resolve => connection.signal.addEventListener('abort', resolve));
  }

  @OnMessage('leave')
  leave(connection: Connection) {
    connection.close(4001, 'you asked');
  }

  @OnClose()
  close() {
    this.steps.counted.push('close');
  }
}

@WebSocketRoute('/echo')
class EchoController {
  @OnMessage()
  text(text: string) {
    return text;
  }

  @OnMessage()
  bytes(bytes: Uint8Array) {
    return bytes.toReversed();
  }
}

@Module({
  controllers: [ChatController, EchoController],
  providers: [Clock, Steps, { provide: 'ZONE', useValue: 'UTC' }],
  exports: [Clock],
})
class ChatModule {}

function chat() {
  return Test.createTestingModule({ imports: [ChatModule] });
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const [result] = await Promise.allSettled([promise]);
  if (result.status === 'fulfilled') throw new Error(`it gave ${JSON.stringify(result.value)}`);
  return result.reason;
}

describe('Test.createTestingModule()', () => {
  const noon = { now: () => 'noon' };
  const now = async (app: TestingApplication) => {
    await using client = await app.connect('/chat/1');
    return await client.request('say', { text: 'hi' });
  };

  it('puts a value in the place of a provider', async () => {
    await using app = await chat().overrideProvider(Clock).useValue(noon).compile();
    expect(await now(app)).toEqual({ at: 'noon' });
    expect(app.get<unknown>(Clock)).toBe(noon);
  });

  it('puts an instance of a class in its place', async () => {
    @Injectable()
    class Sundial {
      constructor(private readonly steps: Steps) {}

      now() {
        return `after ${this.steps.counted.join()}`;
      }
    }
    await using app = await chat().overrideProvider(Clock).useClass(Sundial).compile();
    expect(await now(app)).toEqual({ at: 'after judge,open' });
  });

  it('puts what a factory returns in its place', async () => {
    const factory = async (zone: string) => ({ now: () => `noon in ${zone}` });
    await using app = await chat()
      .overrideProvider(Clock)
      .useFactory({ factory, inject: ['ZONE'] })
      .compile();
    expect(await now(app)).toEqual({ at: 'noon in UTC' });
  });

  it('puts a module in the place of another', async () => {
    @Module({
      controllers: [EchoController],
      providers: [{ provide: Clock, useValue: noon }],
      exports: [Clock],
    })
    class OtherModule {}
    await using app = await chat().overrideModule(ChatModule).useModule(OtherModule).compile();
    expect(app.get<unknown>(Clock)).toBe(noon);
    expect(await failureOf(app.connect('/chat/1'))).toMatchObject({ status: 404 });
  });

  it('mocks what no module provides', async () => {
    @WebSocketRoute('/mails')
    class MailController {
      constructor(private readonly clock: Clock) {}

      @OnMessage('now')
      now() {
        return this.clock.now();
      }
    }
    await using app = await Test.createTestingModule({ controllers: [MailController] })
      .useMocker(token => (token === Clock ? noon : undefined))
      .compile();
    await using client = await app.connect('/mails');
    expect(await client.request('now')).toBe('noon');
  });

  it('refuses to override what is not there, and names what is', async () => {
    class Clok {}
    class Guard {}
    const failure = await failureOf(
      chat().overrideProvider(Clok).useValue({}).overrideGuard(Guard).useValue({}).compile(),
    );
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(failure.message).toBe(
      '2 configuration mistakes\n' +
        '  1. override of Clok: no module provides Clok, and no controller names it. ' +
        'Did you mean Clock? [GATEWIRE_UNKNOWN_OVERRIDE]\n' +
        '  2. override of Guard: no module provides Guard, and no controller names it. ' +
        'Import the module that provides Guard into the test, or take the override out [GATEWIRE_UNKNOWN_OVERRIDE]',
    );
  });

  it('replaces a provider by whichever name it overrides it', async () => {
    for (const name of ['overrideGuard', 'overridePipe', 'overrideInterceptor', 'overrideFilter'] as const) {
      await using app = await chat()[name](Clock).useValue(noon).compile();
      expect(app.get<unknown>(Clock)).toBe(noon);
    }
  });

  it('logs where it is told to', async () => {
    const { logger, lines } = memoryLogger();
    @WebSocketRoute('/fails')
    class FailController {
      @OnMessage('fail')
      fail() {
        throw new Error('not for the client');
      }
    }
    const builder = Test.createTestingModule({ controllers: [FailController] });
    for (const app of [await builder.setLogger(logger).compile(), await builder.compile({ logger })]) {
      await using client = await app.connect('/fails');
      expect(await failureOf(client.request('fail'))).toMatchObject({ code: 'internal' });
      await app.close();
    }
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(2);
  });
});

describe('a testing application', () => {
  it('takes the options of createApplication()', async () => {
    await using app = await chat().compile({ websocket: { maxPayloadLength: 16 } });
    await using client = await app.connect('/echo');
    client.send('x'.repeat(17));
    expect(await client.closed()).toMatchObject({ code: 1009 });
  });

  it('listens once, whoever asks first', async () => {
    await using app = await chat().compile();
    const clients = await Promise.all([app.connect('/echo'), app.connect('/echo')]);
    expect(clients).toHaveLength(2);
    const url = await app.listen();
    expect(url).toBe(app.application.url);
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  });

  it('initialises its providers before the first connection, and shuts them down', async () => {
    const events: string[] = [];
    class Pool {
      onModuleInit() {
        events.push('init');
      }

      onApplicationShutdown() {
        events.push('shutdown');
      }
    }
    const app = await Test.createTestingModule({ imports: [ChatModule], providers: [Pool] }).compile();
    expect(events).toEqual([]);
    await app.connect('/echo');
    expect(events).toEqual(['init']);
    await app.close();
    expect(events).toEqual(['init', 'shutdown']);
  });

  it('gives its providers', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class Ticket {}
    await using app = await Test.createTestingModule({ providers: [Ticket, Clock] }).compile();
    expect(app.get(Clock)).toBeInstanceOf(Clock);
    expect(await app.resolve(Ticket)).not.toBe(await app.resolve(Ticket));
  });

  it('closes what is connected, after every @OnClose has ended', async () => {
    const app = await chat().compile();
    const { counted } = app.get(Steps);
    const client = await app.connect('/chat/1');
    await app.close();
    expect(await client.closed()).toMatchObject({ code: 1001 });
    expect(counted).toEqual(['judge', 'open', 'close']);
  });

  it('takes a path and nothing else', async () => {
    await using app = await chat().compile();
    expect((await failureOf(app.connect('chat/1'))).message).toBe(
      'connect() takes a path from "/" on (got "chat/1")',
    );
  });
});

describe('connect()', () => {
  it('runs the whole pipeline of the upgrade, once', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/chat/1?name=Ada');
    await client.nextEvent('welcome');
    expect(app.get(Steps).counted).toEqual(['judge', 'open']);
  });

  it('rejects with the status, body and headers of a refusal, after one run', async () => {
    await using app = await chat().compile();
    await expect(app.connect('/chat/1?name=mallory')).rejects.toMatchObject({
      status: 403,
      body: { statusCode: 403, code: 'forbidden', message: 'Mallory may not come in' },
    });
    const own = await failureOf(app.connect('/chat/1?name=nobody'));
    expect(own).toBeInstanceOf(UpgradeRefused);
    expect(own).toMatchObject({ status: 418, body: 'who?' });
    expect((own as UpgradeRefused).headers.get('x-pot')).toBe('tea');
    expect(own.message).toBe('the upgrade of /chat/1?name=nobody was refused with 418: who?');
    expect(app.get(Steps).counted).toEqual(['judge', 'judge']);
  });

  it('sends headers and offers subprotocols, and shows those of the answer', async () => {
    @WebSocketRoute('/private')
    class PrivateController {
      @BeforeHandle()
      judge({ headers, cookies }: Handshake) {
        return headers.authorization === 'Bearer token' && cookies.session === '7';
      }

      @OnMessage('who')
      who() {
        return 'you';
      }
    }
    await using app = await Test.createTestingModule({
      imports: [ChatModule],
      controllers: [PrivateController],
    }).compile();
    const headers = { Authorization: 'Bearer token', Cookie: 'session=7' };
    await using mine = await app.connect('/private', { headers });
    expect(await mine.request('who')).toBe('you');
    expect(await failureOf(app.connect('/private'))).toMatchObject({ status: 403 });
    await using chatting = await app.connect('/chat/1', { protocols: ['chat.v2', 'chat.v1'] });
    expect([chatting.subprotocol, chatting.headers.get('x-greeting')]).toEqual(['chat.v1', 'hello']);
    expect(await failureOf(app.connect('/chat/1', { protocols: ['chat.v2'] }))).toMatchObject({
      status: 400,
    });
  });

  it('follows no redirect, and says when there is no answer at all', async () => {
    const applications: TestingApplication[] = [];
    @WebSocketRoute('/:answer')
    class OddController {
      @BeforeHandle()
      async judge(@Param('answer') answer: string) {
        if (answer === 'moved') return Response.redirect('/chat/1');
        return applications[0]?.application.server.stop(true);
      }

      @OnMessage()
      text(_text: string) {}
    }
    await using app = await Test.createTestingModule({ controllers: [OddController] }).compile();
    applications.push(app);
    expect(await failureOf(app.connect('/moved'))).toMatchObject({ name: 'UpgradeRefused', status: 302 });
    expect((await failureOf(app.connect('/gone'))).message).toMatch(/^the upgrade of \/gone failed: ./);
  });

  it('says that the answer did not come in time', async () => {
    @WebSocketRoute('/slow')
    class SlowController {
      @BeforeHandle()
      async judge({ request }: Handshake) {
        await new Promise(resolve => request.signal.addEventListener('abort', resolve));
      }

      @OnMessage()
      text(_text: string) {}
    }
    await using app = await Test.createTestingModule({ controllers: [SlowController] }).compile();
    const failure = await failureOf(app.connect('/slow', { timeout: 20 }));
    expect(failure.message).toBe('waited 20 ms for the answer to the upgrade of /slow');
  });

  it('says that the application does not listen any more', async () => {
    const app = await chat().compile();
    await app.listen();
    await app.close();
    expect((await failureOf(app.connect('/echo'))).message).toMatch(
      /^the upgrade of \/echo failed: .*ECONNREFUSED/,
    );
  });
});

describe('a test client', () => {
  it('keeps what arrives from the first moment on', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/chat/1');
    // A reply comes after all that @OnOpen sent.
    await client.request('say', { text: 'hi' });
    expect(client.untaken).toHaveLength(4);
    for (const at of [1, 2, 3]) expect(await client.next()).toEqual({ event: 'welcome', data: { at } });
    expect(await client.next()).toEqual({ event: 'said', data: { text: 'hi' } });
    expect(client.untaken).toEqual([]);
  });

  it('has what @OnOpen sent even where the runner holds the event loop', async () => {
    await using app = await chat().compile();
    for (let round = 0; round < 20; round++) {
      await using client = await app.connect('/chat/1');
      await expect(client.nextEvent('chat', 10)).rejects.toThrow(/"at":3/);
    }
  });

  it('finds an event among others, whichever came first', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/chat/1');
    client.emit('say', { text: 'hi' });
    expect(await client.nextEvent('said')).toEqual({ text: 'hi' });
    expect(await client.nextEvent('welcome')).toEqual({ at: 1 });
  });

  it('gives each request its own reply, and no reply to next()', async () => {
    await using app = await chat()
      .overrideProvider(Clock)
      .useValue({ now: () => 'noon' })
      .compile();
    await using client = await app.connect('/chat/1');
    for (const _ of [1, 2, 3]) await client.next();
    const next = client.next();
    const replies = [client.request('say', { text: 'a' }), client.request('count', 0)];
    expect(await next).toEqual({ event: 'said', data: { text: 'a' } });
    expect(await replies[0]).toEqual({ at: 'noon' });
    expect((await failureOf(replies[1] ?? next)).message).toBe(
      '"count" was answered with a stream: read it with stream()',
    );
  });

  it('rejects with the error of a reply', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/chat/1');
    const failure = await failureOf(client.request('say', { text: 'too long' }));
    expect(failure).toBeInstanceOf(ErrorReply);
    expect(failure).toMatchObject({
      event: 'say',
      code: 'validation_failed',
      issues: [{ path: 'text', rule: 'maxLength' }],
    });
    expect(failure.message).toBe(
      '"say" was answered with validation_failed: Validation failed (text maxLength)',
    );
    expect(await failureOf(client.request('shout'))).toMatchObject({ code: 'unknown_event' });
  });

  it('reads a stream, and cancels it when the loop is left', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/chat/1');
    expect(await Array.fromAsync(client.stream('count', 3))).toEqual([1, 2, 3]);
    for await (const at of client.stream('count', 1e9)) if (at === 2) break;
    const read: unknown[] = [];
    const failure = await failureOf(
      (async () => {
        for await (const at of client.stream('count', 4)) read.push(at);
      })(),
    );
    expect([read, failure.message]).toEqual([[1, 2, 3, 4], '"count" was answered with too_far: too far']);
    expect((await failureOf(client.stream('say', { text: 'hi' }).next())).message).toBe(
      '"say" was answered with one value: read it with request()',
    );
  });

  it('has nothing left of a stream that it left, or of a reply that came too late', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/chat/1');
    for (const _ of [1, 2, 3]) await client.next();
    for await (const at of client.stream('count', 1e9)) if (at === 100) break;
    expect((await failureOf(client.request('count', 1e9))).message).toMatch(
      /^"count" was answered with a stream/,
    );
    expect((await failureOf(client.request('say', { text: 'a' }, 0))).message).toMatch(/^waited 0 ms/);
    await client.request('say', { text: 'b' });
    const said = (text: string) => ({ event: 'said', data: { text } });
    expect(client.untaken).toEqual([said('a'), said('b')]);
  });

  it('answers what the server requests', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/chat/1');
    const reply = client.request('ask');
    for (const _ of [1, 2, 3]) await client.next();
    const { event, data, id } = await client.next<{ event: string; data: unknown; id: number }>();
    expect([event, data]).toEqual(['question', { of: 'life' }]);
    client.send({ id, data: 42 });
    expect(await reply).toEqual({ answer: 42 });
  });

  it('sends texts and bytes as they are, and shows frames as they came', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/echo');
    client.send('7');
    expect(await client.next()).toBe(7);
    client.send('7');
    expect(await client.nextFrame()).toBe('7');
    client.send('not JSON');
    expect(await client.next()).toBe('not JSON');
    client.send(new Uint8Array([1, 2, 3]));
    expect(await client.next()).toEqual(new Uint8Array([3, 2, 1]));
    client.send(new Uint8Array([4, 5]).buffer);
    expect(await client.nextFrame()).toEqual(new Uint8Array([5, 4]));
  });

  it('works where the test has replaced the timers', async () => {
    vi.useFakeTimers({ now: 0 });
    try {
      await using app = await chat().compile();
      await using client = await app.connect('/chat/1');
      expect(await client.request('say', { text: 'hi' })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
      expect(await failureOf(app.connect('/nowhere'))).toMatchObject({ status: 404 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('says how the connection ended', async () => {
    await using app = await chat().compile();
    const client = await app.connect('/chat/1');
    client.emit('leave');
    expect(await client.closed()).toEqual({ code: 4001, reason: 'you asked' });
    expect(() => client.emit('leave')).toThrow("can't send: the connection closed with 4001");
    const other = await app.connect('/chat/1');
    expect(await other.close(4005, 'bye')).toEqual({ code: 4005, reason: 'bye' });
    const gone = await app.connect('/chat/1');
    gone.terminate();
    expect(await gone.closed()).toEqual({ code: 1006, reason: '' });
  });
});

describe('the errors of a test client', () => {
  it('say what did arrive instead', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/chat/1');
    await client.next();
    await client.request('say', { text: 'hi' });
    const failure = await failureOf(client.nextEvent('chat', 20));
    expect(failure.message).toBe(
      'waited 20 ms for the event "chat"; did arrive: {"event":"welcome","data":{"at":2}}, ' +
        '{"event":"welcome","data":{"at":3}}, {"event":"said","data":{"text":"hi"}}, 2 that were taken before',
    );
    expect((await failureOf(client.request('silence', undefined, 20))).message).toMatch(
      /^waited 20 ms for the reply to "silence"; did arrive: \{"event":"welcome"/,
    );
    expect((await failureOf(client.closed(20))).message).toMatch(
      /^waited 20 ms for the connection to close; did arrive: \{"event":"welcome"/,
    );
  });

  it('come when connect() said, unless the call says otherwise', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/echo', { timeout: 500 });
    expect((await failureOf(client.next())).message).toMatch(/^waited 500 ms for a message/);
    expect((await failureOf(client.next(1))).message).toMatch(/^waited 1 ms for a message/);
  });

  it('keep long frames and long lists short', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/echo');
    client.send('x'.repeat(300));
    client.send(new Uint8Array(7));
    for (let at = 0; at < 10; at++) client.send('ping');
    client.send('last');
    await client.close();
    const failure = await failureOf(client.nextEvent('chat'));
    expect(failure.message).toBe(
      `the connection closed with 1005 before the event "chat" came; did arrive: ${'x'.repeat(200)}…, 7 bytes, ` +
        `${'ping, '.repeat(8)}3 more`,
    );
  });

  it('say at once that the connection closed', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/echo');
    const next = failureOf(client.next());
    await client.close(4000, 'enough');
    expect((await next).message).toBe(
      'the connection closed with 4000 "enough" before a message came; did arrive: nothing',
    );
    expect((await failureOf(client.next())).message).toBe((await next).message);
  });

  // Bun's own runner replaces the timers of the runtime itself.
  it.skipIf(process.env.VITEST === undefined)('come in time where timers are replaced', async () => {
    vi.useFakeTimers();
    try {
      await using app = await chat().compile();
      await using client = await app.connect('/echo');
      expect((await failureOf(client.next(5))).message).toMatch(/^waited 5 ms/);
    } finally {
      vi.useRealTimers();
    }
  });

  it('show the line of the test', async () => {
    await using app = await chat().compile();
    await using client = await app.connect('/echo');
    for (const wait of [
      () => client.next(1),
      () => client.nextFrame(1),
      () => client.nextEvent('chat', 1),
      () => client.request('echo', undefined, 1),
      () => client.closed(1),
    ]) {
      const [, line] = (await failureOf(wait())).stack?.split('\n') ?? [];
      expect(line).toContain('testing.spec.ts');
    }
    expect((await failureOf(app.connect('/nowhere'))).stack).toContain('testing.spec.ts');
  });
});
