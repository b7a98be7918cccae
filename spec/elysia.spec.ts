import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'class-transformer';
import { IsDate, IsInt, IsString, MaxLength } from 'class-validator';
import {
  BeforeHandle,
  Connection,
  createApplication,
  ForbiddenException,
  Handshake,
  Headers,
  Injectable,
  MessageBody,
  Module,
  OnClose,
  OnDrain,
  OnError,
  OnMessage,
  OnOpen,
  OnPing,
  OnPong,
  Parse,
  ParseMessage,
  Publisher,
  Query,
  Returns,
  type RouteOptions,
  Transform,
  TransformMessage,
  UnauthorizedException,
  UpgradeHeaders,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { mistakesOf, serve } from './support/application.ts';
import { Client } from './support/client.ts';
import { until } from './support/deadline.ts';
import { rawUpgrade } from './support/raw.ts';

const INTERNAL = { code: 'internal', message: 'Internal server error' };

class Say {
  @IsString()
  @MaxLength(8)
  text!: string;

  @IsInt()
  times = 1;
}

@WebSocketRoute('/echo')
class EchoController {
  @OnMessage()
  echo(text: string) {
    return text;
  }
}

/** Starts one controller, sends frames to it and gives as many answers. */
async function answersOf(controller: new (...args: never[]) => object, frames: readonly unknown[]) {
  await using server = await serve([controller]);
  await using client = await server.connect('/');
  for (const frame of frames) client.send(frame);
  return await client.take(frames.length);
}

/** Sends a client's ping; what the server sends for it comes before what it answers to later messages. */
function ping(client: Client, text: string): void {
  (client.socket as WebSocket & { ping(data: string): void }).ping(text);
}

describe('what the page of Elysia’s ws() promises', () => {
  it('1. a schema checks the message: the type of the body is the schema', async () => {
    @WebSocketRoute('/')
    class SayController {
      @OnMessage()
      say(body: Say) {
        return body.text;
      }
    }
    expect(await answersOf(SayController, [{ text: 'hi' }, { text: 5 }])).toEqual([
      'hi',
      { error: expect.objectContaining({ code: 'validation_failed' }) },
    ]);
  });

  it('2. a schema checks the headers: @Headers()', async () => {
    class Auth {
      @IsInt()
      'x-token'!: number;
    }
    @WebSocketRoute('/')
    class HeadersController {
      @OnOpen()
      open(@Headers() headers: Auth) {
        return headers;
      }
    }
    await using server = await serve([HeadersController]);
    await using client = await server.connect('/', { headers: { 'X-Token': '7' } });
    expect(await client.next()).toEqual({ 'x-token': 7 });
    expect((await rawUpgrade(`${server.url}/`)).status).toBe(422);
  });

  it('3. a message is a string by default: the raw text, whatever it looks like', async () => {
    const frames = ['123', '0x10', 'true', 'null', '{"a":1}', ' {bad', ''];
    await using server = await serve([EchoController]);
    await using client = await server.connect('/echo');
    for (const frame of frames) client.send(frame);
    for (const frame of frames) expect(await client.nextFrame()).toBe(frame);
  });

  it('4. JSON is parsed as an object: where the body’s type asks for it, and nothing else is guessed', async () => {
    @WebSocketRoute('/')
    class AnyController {
      @OnMessage()
      any(@MessageBody(() => Object) body: unknown) {
        return [typeof body, body];
      }
    }
    const bad = { error: expect.objectContaining({ code: 'bad_frame' }) };
    expect(
      await answersOf(AnyController, [
        ' {"a":1}',
        '1e5',
        '"text"',
        '0x10',
        '0123',
        'Infinity',
        '+5',
        '/path',
      ]),
    ).toEqual([['object', { a: 1 }], ['number', 100000], ['string', 'text'], bad, bad, bad, bad, bad]);
  });

  it('5. parse runs before the upgrade: @Parse(); @ParseMessage() is for messages', async () => {
    const ran: string[] = [];
    @WebSocketRoute('/')
    class ParseController {
      @Parse()
      parse() {
        ran.push('parse');
        return { query: { name: 'Ada' } };
      }

      @OnOpen()
      open(@Query('name') name: string) {
        ran.push(`open ${name}`);
      }

      @ParseMessage()
      parseMessage(frame: string) {
        if (frame === 'boom') throw new Error('the process goes on');
        return frame.toUpperCase();
      }

      @OnMessage()
      echo(text: string) {
        return text;
      }
    }
    expect(await answersOf(ParseController, ['a', 'boom', 'b'])).toEqual(['A', { error: INTERNAL }, 'B']);
    expect(ran).toEqual(['parse', 'open Ada']);
  });

  it('6. transformMessage runs before the message is checked: @TransformMessage()', async () => {
    @WebSocketRoute('/')
    class TransformController {
      @TransformMessage()
      transform(body: { text: string }) {
        return { text: body.text.slice(0, 8) };
      }

      @OnMessage()
      say(body: Say) {
        return body.text;
      }
    }
    expect(await answersOf(TransformController, [{ text: 'far too long' }])).toEqual(['far too ']);
  });

  it('7. header adds headers before the upgrade: options.headers', async () => {
    @WebSocketRoute('/', { headers: { 'X-Room': 'blue', 'Set-Cookie': ['a=1', 'b=2'] } })
    class HeadersController {}
    await using server = await serve([HeadersController]);
    const { status, headers } = await rawUpgrade(`${server.url}/`);
    expect(status).toBe(101);
    expect(headers).toMatchObject({ 'x-room': 'blue', 'set-cookie': 'a=1\nb=2' });
  });

  it('8. upgrade gives headers: what @UpgradeHeaders() returns is on the 101', async () => {
    @WebSocketRoute('/')
    class UpgradeController {
      @UpgradeHeaders()
      async headers(@Query('room') room: string) {
        return { 'X-Room': room };
      }
    }
    await using server = await serve([UpgradeController]);
    expect((await rawUpgrade(`${server.url}/?room=red`)).headers['x-room']).toBe('red');
  });

  it('9. drain and close take the connection, and close its code and reason', async () => {
    const seen: unknown[] = [];
    @WebSocketRoute('/', { backpressureLimit: 64 * 2 ** 20 })
    class DrainController {
      @OnMessage()
      flood(_text: string, connection: Connection) {
        const chunk = new Uint8Array(2 ** 20);
        while (connection.send(chunk) !== 'queued');
      }

      @OnDrain()
      drain(connection: Connection) {
        if (connection.bufferedAmount === 0) connection.send('drained');
      }

      @OnClose()
      close(code: number, reason: string, connection: Connection) {
        seen.push(code, reason, connection.readyState);
      }
    }
    await using server = await serve([DrainController]);
    await using client = await server.connect('/');
    client.send('go');
    while ((await client.next()) !== 'drained');
    await client.close(4001, 'bye');
    await until(() => seen.length > 0, '@OnClose did not run');
    expect(seen).toEqual([4001, 'bye', 3]);
  });

  it('10. a handler returns the reply', async () => {
    @WebSocketRoute('/')
    class ReplyController {
      @OnMessage()
      async reply(text: string) {
        return { text };
      }
    }
    expect(await answersOf(ReplyController, ['a'])).toEqual([{ text: 'a' }]);
  });

  it('11. a connection has an id and data, which is what the upgrade put there and nothing of ours', async () => {
    @WebSocketRoute('/')
    class DataController {
      @BeforeHandle()
      before(handshake: Handshake<{ user: string }>) {
        handshake.data = { user: 'ada' };
      }

      @OnMessage()
      data(_text: string, connection: Connection<{ user: string }>) {
        expectTypeOf(connection.data.user).toBeString();
        return [connection.id, connection.data];
      }
    }
    const [first, second] = (await answersOf(DataController, ['a', 'b'])) as unknown[];
    expect(first).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), { user: 'ada' }]);
    expect(second).toEqual(first);
  });

  it('12. a route has its own configuration, which is enforced', async () => {
    @WebSocketRoute('/small', { maxPayloadLength: 10 })
    class SmallController extends EchoController {}
    @WebSocketRoute('/large', { maxPayloadLength: 100 })
    class LargeController extends EchoController {}
    await using server = await serve([SmallController, LargeController]);
    await using large = await server.connect('/large');
    large.send('x'.repeat(100));
    expect(await large.nextFrame()).toHaveLength(100);
    large.send('x'.repeat(101));
    expect((await large.closed()).code).toBe(1009);
    await using small = await server.connect('/small');
    small.send('x'.repeat(11));
    expect((await small.closed()).code).toBe(1009);
  });

  it('13. the application configures every route, also those of imported modules', async () => {
    @Module({ controllers: [EchoController] })
    class EchoModule {}
    await using server = await serve({ imports: [EchoModule] }, { websocket: { maxPayloadLength: 10 } });
    await using client = await server.connect('/echo');
    client.send('x'.repeat(11));
    expect((await client.closed()).code).toBe(1009);
  });

  it('14. idleTimeout closes a connection that sends nothing, whatever is sent to it', async () => {
    @WebSocketRoute('/', { idleTimeout: 1, sendPings: false })
    class IdleController {
      @OnOpen()
      open(connection: Connection) {
        const timer = setInterval(() => connection.send('news'), 50);
        connection.signal.addEventListener('abort', () => clearInterval(timer));
      }
    }
    await using server = await serve([IdleController]);
    await using client = await server.connect('/');
    expect(await client.closed(5000)).toEqual({ code: 4408, reason: 'idle timeout' });
    expect(client.untaken.length).toBeGreaterThan(2);
  });

  it('15. beforeHandle runs before the upgrade: exactly once', async () => {
    const runs: string[] = [];
    @WebSocketRoute('/')
    class OnceController {
      @BeforeHandle()
      before() {
        runs.push('before');
      }

      @OnOpen()
      open() {
        runs.push('open');
        return 'opened';
      }
    }
    expect(await answersOf(OnceController, ['ignored'])).toEqual(['opened']);
    expect(runs).toEqual(['before', 'open']);
  });

  it('16. it is the place to refuse: with a real status and body, and never with 200', async () => {
    const results: Record<string, () => unknown> = {
      false: () => false,
      response: () => new Response('full', { status: 409, headers: { 'X-Why': 'full' } }),
      exception: () => Promise.reject(new ForbiddenException('members only')),
      object: () => ({ meant: 'as data' }),
    };
    @WebSocketRoute('/:how')
    class RefuseController {
      @BeforeHandle()
      before({ params }: Handshake) {
        return results[params.how ?? '']?.();
      }
    }
    await using server = await serve([RefuseController]);
    const answer = async (how: string) => {
      const { status, body } = await rawUpgrade(`${server.url}/${how}`);
      return [status, body.startsWith('{') ? JSON.parse(body).message : body];
    };
    expect(await answer('false')).toEqual([403, 'Forbidden']);
    expect(await answer('response')).toEqual([409, 'full']);
    expect(await answer('exception')).toEqual([403, 'members only']);
    expect(await answer('object')).toEqual([500, 'Internal server error']);
    expect(server.log.at(-1)?.facts.error).toMatchObject({
      message: 'RefuseController.before() returned an object: return nothing, true, false or a Response',
    });
  });

  it('17. transform runs before validation: @Transform() at the upgrade, @TransformMessage() for messages', async () => {
    @WebSocketRoute('/')
    class BothController {
      @Transform()
      query(handshake: Handshake) {
        handshake.query.page = '5';
      }

      @TransformMessage()
      message(body: { text?: string }) {
        body.text ??= 'default';
      }

      @OnMessage()
      say(body: Say, @Query('page') page: number) {
        return [body.text, page];
      }
    }
    expect(await answersOf(BothController, [{}])).toEqual([['default', 5]]);
  });

  it('18. afterHandle, mapResponse and afterResponse are no options: what is unknown is a mistake at start', async () => {
    for (const name of ['afterHandle', 'mapResponse', 'afterResponse', 'message']) {
      const options = { [name]: () => {} } as RouteOptions;
      @WebSocketRoute('/', options)
      class UnknownController {}
      expect(await mistakesOf([UnknownController])).toContain('[GATEWIRE_UNKNOWN_OPTION]');
    }
    // @ts-expect-error
    WebSocketRoute('/', { afterHandle: () => {} });
  });

  it('19. messages are checked as requests are: defaults, stripping, conversion and asynchronous checks', async () => {
    class Visit {
      @IsDate()
      @Type(() => Date)
      at!: Date;

      @IsInt()
      guests = 2;
    }
    const free = z.object({ seat: z.string().refine(async seat => seat === 'free') });
    @WebSocketRoute('/')
    class SameController {
      @OnOpen()
      open(@Query() { at, guests, ...rest }: Visit) {
        return [at.getTime(), guests, rest];
      }

      @OnMessage()
      visit(@MessageBody('visit') { at, guests, ...rest }: Visit, @MessageBody('free', free) _free: unknown) {
        return [at.getTime(), guests, rest];
      }
    }
    await using server = await serve([SameController]);
    await using client = await server.connect('/?at=2026-01-02&unknown=1');
    client.send({ visit: { at: '2026-01-02', unknown: 1 }, free: { seat: 'free' } });
    client.send({ visit: { at: '2026-01-02' }, free: { seat: 'taken' } });
    const checked = [Date.UTC(2026, 0, 2), 2, {}];
    expect(await client.take(3)).toEqual([
      checked,
      checked,
      { error: expect.objectContaining({ issues: [expect.objectContaining({ path: 'free.seat' })] }) },
    ]);
  });

  it('20. a schema of the body checks messages, and never the upgrade', async () => {
    abstract class Guarded {
      @OnMessage()
      @Returns(Say)
      say(body: Say) {
        return body.text === 'lie' ? ({ text: 5 } as never) : body;
      }
    }
    @WebSocketRoute('/')
    class ChildController extends Guarded {}
    expect(await answersOf(ChildController, [{ text: 'hi' }, { text: 5 }, { text: 'lie' }])).toEqual([
      { text: 'hi', times: 1 },
      { error: expect.objectContaining({ code: 'validation_failed' }) },
      { error: INTERNAL },
    ]);
  });

  it('21. response checks what the handler returns and sends: a failure is the server’s, in its log', async () => {
    @WebSocketRoute('/')
    class ResponseController {
      @OnMessage()
      @Returns(Say)
      say(how: string, connection: Connection) {
        if (how === 'send') connection.send({ text: 's3cret and too long' });
        return { text: how === 'return' ? 's3cret and too long' : how, times: 1 };
      }
    }
    await using server = await serve([ResponseController]);
    await using client = await server.connect('/');
    for (const how of ['return', 'send', 'fine']) client.send(how);
    expect(await client.take(3)).toEqual([
      { error: INTERNAL },
      { error: INTERNAL },
      { text: 'fine', times: 1 },
    ]);
    expect(server.log.map(({ level, facts }) => [level, (facts.error as Error).name])).toEqual([
      ['error', 'OutgoingError'],
      ['error', 'OutgoingError'],
    ]);
  });

  it('22. a valid value is sent, an invalid one is not', async () => {
    @WebSocketRoute('/')
    class ValidController {
      @OnMessage()
      @Returns(z.object({ even: z.literal(true) }))
      even(@MessageBody() value: number) {
        return { even: (value % 2 === 0) as true };
      }
    }
    expect(await answersOf(ValidController, ['2', '3'])).toEqual([{ even: true }, { error: INTERNAL }]);
  });

  it('23. the connection has what Bun’s socket has: bytes, ping, binaryType, live subscriptions, bufferedAmount', async () => {
    @WebSocketRoute('/')
    class BunController {
      @OnMessage()
      bytes(bytes: Uint8Array, connection: Connection) {
        connection.binaryType = 'arraybuffer';
        const before = connection.subscriptions;
        connection.subscribe('a');
        connection.subscribe('b');
        connection.unsubscribe('a');
        connection.ping('are you there');
        connection.send({
          isBytes: bytes instanceof Uint8Array,
          before,
          after: connection.subscriptions,
          type: connection.binaryType,
          buffered: connection.bufferedAmount,
        });
        return bytes;
      }

      @OnPong()
      pong(bytes: Uint8Array) {
        return new TextDecoder().decode(bytes);
      }
    }
    await using server = await serve([BunController]);
    await using client = await server.connect('/');
    const facts = { isBytes: true, before: [], after: ['b'], type: 'arraybuffer', buffered: 0 };
    for (let at = 1; at < 3; at++) {
      client.send(new Uint8Array([at, 255]));
      expect(await client.take(3)).toEqual([
        at === 1 ? facts : { ...facts, before: ['b'] },
        new Uint8Array([at, 255]),
        'are you there',
      ]);
    }
  });

  it('24. ping takes the message and may answer it: the same connection, the payload as bytes', async () => {
    @WebSocketRoute('/')
    class PingController {
      @OnOpen()
      open(connection: Connection<{ self?: Connection<object> }>) {
        connection.data.self = connection;
      }

      @OnPing()
      ping(bytes: Uint8Array, connection: Connection) {
        return { ping: new TextDecoder().decode(bytes), isSame: connection.data.self === connection };
      }
    }
    await using server = await serve([PingController]);
    await using client = await server.connect('/');
    ping(client, 'hello');
    expect(await client.next()).toEqual({ ping: 'hello', isSame: true });
  });

  it('25. a client is any WebSocket: its headers, query and subprotocol arrive, an array is one message', async () => {
    @WebSocketRoute('/', { subprotocols: ['v2', 'v1'] })
    class ClientController {
      @OnMessage()
      list(
        @MessageBody(() => Object) list: unknown,
        handshake: Handshake,
        @Headers('authorization') token: string,
        @Query('page') page: number,
      ) {
        return { list, token, page, subprotocol: handshake.subprotocol };
      }
    }
    await using server = await serve([ClientController]);
    const headers = { Authorization: 'Bearer t' };
    await using client = await server.connect('/?page=2', { headers, protocols: ['v1', 'v2'] });
    client.send([1, 'two']);
    expect(await client.next()).toEqual({ list: [1, 'two'], token: 'Bearer t', page: 2, subprotocol: 'v2' });
    expect(client.socket.protocol).toBe('v2');
  });
});

/** Another spec shows it: by the beginning of its name, in this file unless another is named. */
function shownBy(name: string, file = 'elysia.spec.ts'): () => void {
  const specs = readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/\bit\(\s*['"](.*)['"]/g);
  return () => expect([...specs].map(([, title]) => title?.slice(0, name.length))).toContain(name);
}

describe('what the users of ws() complain of', () => {
  it('1. node#63: beforeHandle runs twice and takes two tokens', async () => {
    let tokens = 2;
    @WebSocketRoute('/')
    class LimitedController {
      @BeforeHandle()
      take() {
        return tokens-- > 0;
      }
    }
    await using server = await serve([LimitedController]);
    await using _first = await server.connect('/');
    await using _second = await server.connect('/');
    expect((await rawUpgrade(`${server.url}/`)).status).toBe(403);
  });

  it('2. #1933: response validation is inverted', shownBy('22. a valid value is sent'));

  it('3. #1716: each hook gets another object, so a Map of connections leaks', async () => {
    const open = new Set<Connection>();
    @WebSocketRoute('/')
    class SetController {
      @OnOpen()
      open(connection: Connection) {
        open.add(connection);
      }

      @OnMessage()
      message(_text: string, connection: Connection) {
        return open.has(connection);
      }

      @OnClose()
      close(connection: Connection) {
        open.delete(connection);
      }
    }
    await using server = await serve([SetController]);
    await using client = await server.connect('/');
    client.send('go');
    expect(await client.next()).toBe(true);
    await client.close();
    await until(() => open.size === 0, 'the connection was not deleted');
  });

  it('4. #1911: JSON is parsed unasked', shownBy('3. a message is a string by default'));

  it('5. #1256: the error of a message cannot be made one’s own', async () => {
    abstract class Friendly {
      @OnError()
      error(error: Error & { code?: string }) {
        return `sorry: ${error.code}`;
      }
    }
    @WebSocketRoute('/')
    class SayController extends Friendly {
      @OnMessage()
      say(body: Say) {
        return body.text;
      }
    }
    expect(await answersOf(SayController, [{}, 'no JSON'])).toEqual([
      'sorry: validation_failed',
      'sorry: bad_frame',
    ]);
  });

  it('6. #1052: a throw is silent, or ends the process', async () => {
    @WebSocketRoute('/')
    class ThrowController {
      @ParseMessage()
      parse(frame: string): undefined {
        if (frame === 'parse') throw new Error('parse');
      }

      @OnMessage()
      async message(text: string) {
        if (text === 'message') throw new Error('message');
        return text;
      }

      @OnPing()
      async ping() {
        throw new Error('ping');
      }

      @OnError()
      error(error: Error) {
        throw new Error(`error after ${error.message}`);
      }
    }
    await using server = await serve([ThrowController]);
    await using client = await server.connect('/');
    client.send('parse');
    client.send('message');
    expect(await client.take(2)).toEqual([{ error: INTERNAL }, { error: INTERNAL }]);
    ping(client, '');
    client.send('alive');
    expect(await client.take(2)).toEqual([{ error: INTERNAL }, 'alive']);
    expect(server.log.map(({ facts }) => (facts.error as Error).message)).toEqual([
      'parse',
      'error after parse',
      'message',
      'error after message',
      'ping',
      'error after ping',
    ]);
  });

  it('7. #1002: a refused client learns 1006 only', async () => {
    @WebSocketRoute('/')
    class ReasonController {
      @OnOpen()
      open(@Query('token') token: string, connection: Connection) {
        if (token !== 'good') connection.close(4001, 'token expired');
      }
    }
    await using server = await serve([ReasonController]);
    // A browser never sees the status of a refused upgrade, but always code and reason of a close.
    await using client = await server.connect('/');
    expect(await client.closed()).toEqual({ code: 4001, reason: 'token expired' });
  });

  it('8. #1436: how to authenticate is not clear', async () => {
    @Injectable()
    class Users {
      find(token: string | undefined) {
        return token === 'good' ? { id: 7 } : undefined;
      }
    }
    @WebSocketRoute('/')
    class AuthController {
      constructor(private readonly users: Users) {}

      @BeforeHandle()
      authenticate(handshake: Handshake<{ user?: object }>, @Headers('authorization') token?: string) {
        const user = this.users.find(token);
        if (user === undefined) throw new UnauthorizedException('no such token');
        handshake.data = { user };
      }

      @OnOpen()
      open(connection: Connection<{ user: object }>) {
        return connection.data.user;
      }
    }
    await using server = await serve({ controllers: [AuthController], providers: [Users] });
    await using client = await server.connect('/', { headers: { Authorization: 'good' } });
    expect(await client.next()).toEqual({ id: 7 });
    const refused = await rawUpgrade(`${server.url}/`);
    expect(refused.json()).toEqual({ statusCode: 401, code: 'unauthenticated', message: 'no such token' });
  });

  it('9. #1469: ping and pong lack the connection', shownBy('24. ping takes the message'));

  it('10. #1537: ping and pong are never called', shownBy('23. the connection has what Bun'));

  it('11. #1563: a zod body is not what the handler gets', async () => {
    const schema = z.object({ at: z.string().transform(Number), size: z.number().default(3) });
    const free = schema.refine(async ({ at }) => at !== 13, { path: ['at'] });
    @WebSocketRoute('/')
    class ZodController {
      @OnMessage()
      take(@MessageBody(free) body: z.infer<typeof free>) {
        return body;
      }
    }
    expect(await answersOf(ZodController, [{ at: '5' }, { at: '13' }])).toEqual([
      { at: 5, size: 3 },
      { error: expect.objectContaining({ issues: [expect.objectContaining({ path: 'at' })] }) },
    ]);
  });

  it('12. #998: transformMessage is dead', shownBy('6. transformMessage runs'));

  it('13. #362: the documented parse is not there', shownBy('5. parse runs before the upgrade'));

  it(
    '14. #1169: an object from beforeHandle answers 200, where data for the connection was meant',
    shownBy('16. it is the place to refuse'),
  );

  it('15. #1190: what the application derives is missing', shownBy('8. #1436: how to authenticate'));

  it('16. #1237: a route inside a group, guard or plugin breaks', async () => {
    @Module({ controllers: [EchoController] })
    class Inner {}
    @Module({ imports: [Inner] })
    class Outer {}
    await using server = await serve({ imports: [Outer] });
    await using client = await server.connect('/echo');
    client.send('deep');
    expect(await client.next()).toBe('deep');
  });

  it('17. #1229: the query vanishes with how the handler is written', async () => {
    const seen: unknown[] = [];
    @WebSocketRoute('/')
    class QueryController {
      @OnClose()
      close(@Query() _query: Record<string, string>) {
        // biome-ignore lint/complexity/noArguments: a handler whose text does not mention what it takes
        seen.push(arguments[0]);
      }
    }
    await using server = await serve([QueryController]);
    await using client = await server.connect('/?room=blue');
    await client.close();
    await until(() => seen.length > 0, '@OnClose did not run');
    expect(seen).toEqual([{ room: 'blue' }]);
  });

  it('18. #279: state of a connection is not typed', async () => {
    @WebSocketRoute('/')
    class CountController {
      @OnOpen()
      open(connection: Connection<{ count: number }>) {
        connection.data = { count: 0 };
      }

      @OnMessage()
      count(_text: string, { data }: Connection<{ count: number }>) {
        return ++data.count;
      }
    }
    expect(await answersOf(CountController, ['a', 'b'])).toEqual([1, 2]);
  });

  it('19. #361: the id changes', shownBy('11. a connection has an id and data'));

  it('20. #384: subscriptions are missing or stale', shownBy('23. the connection has what Bun'));

  it('21. #781: publishing from an HTTP route, serialised, to everyone', async () => {
    @WebSocketRoute('/')
    class NewsController {
      @OnOpen()
      open(connection: Connection) {
        connection.subscribe('news');
        return 'subscribed';
      }
    }
    let publisher: Publisher | undefined;
    const routes = {
      '/publish': () => {
        publisher?.publish('news', { from: 'http' });
        return new Response('done');
      },
    };
    await using server = await serve([NewsController], { routes });
    publisher = server.app.get(Publisher);
    await using one = await server.connect('/');
    await using two = await server.connect('/');
    expect([await one.next(), await two.next()]).toEqual(['subscribed', 'subscribed']);
    expect(await (await fetch(`${server.url}/publish`)).text()).toBe('done');
    expect([await one.next(), await two.next()]).toEqual([{ from: 'http' }, { from: 'http' }]);
  });

  it('22. #222: texts that look like dates or numbers are changed on the way', async () => {
    await using server = await serve([EchoController]);
    await using client = await server.connect('/echo');
    for (const text of ['2026-01-02', '007', '1e3']) {
      client.send(text);
      expect(await client.nextFrame()).toBe(text);
    }
  });

  it('23. #387: a unix socket answers 400', async () => {
    @Module({ controllers: [EchoController] })
    class EchoModule {}
    const app = await createApplication(EchoModule, { logger: false });
    const path = join(tmpdir(), `gatewire-${crypto.randomUUID()}.sock`);
    await app.listen({ unix: path });
    try {
      await using client = await Client.connect(`ws+unix://${path}:/echo`);
      client.send('local');
      expect(await client.next()).toBe('local');
    } finally {
      await app.close({ timeout: 0 });
    }
  });

  it('24. eden#27: a browser, which cannot send headers, has no way to authenticate', async () => {
    @WebSocketRoute('/', { subprotocols: ['chat'] })
    class TokenController {
      @BeforeHandle()
      before(handshake: Handshake) {
        const offered = handshake.headers['sec-websocket-protocol'] ?? '';
        return handshake.subprotocol === 'chat' && offered.endsWith('token.good');
      }
    }
    await using server = await serve([TokenController]);
    await using client = await server.connect('/', { protocols: ['chat', 'token.good'] });
    expect(client.socket.protocol).toBe('chat');
    const headers = { 'Sec-WebSocket-Protocol': 'chat, token.bad' };
    expect((await rawUpgrade(`${server.url}/`, { headers })).status).toBe(403);
  });
});

describe('what users of Bun’s sockets complain of', () => {
  it('#8666: one configuration for every path', shownBy('12. a route has its own configuration'));

  it('#26038: the first subprotocol is echoed', async () => {
    await using server = await serve([EchoController]);
    const headers = { 'Sec-WebSocket-Protocol': 'anything' };
    const response = await rawUpgrade(`${server.url}/echo`, { headers });
    expect(response.status).toBe(101);
    expect(response.headers['sec-websocket-protocol'] ?? '').toBe('');
  });

  it('#26554: what is sent keeps a silent client alive', shownBy('14. idleTimeout closes'));

  it('#34961: stop() waits for clients', async () => {
    await using server = await serve([EchoController]);
    await using client = await server.connect('/echo');
    await server.app.close();
    expect((await client.closed()).code).toBe(1001);
  });

  it('#3353: a publish excludes its own connection', async () => {
    for (const publishToSelf of [false, true]) {
      @WebSocketRoute('/', { publishToSelf })
      class SelfController {
        @OnMessage()
        publish(text: string, connection: Connection) {
          connection.subscribe('topic');
          connection.publish('topic', text);
          return 'done';
        }
      }
      await using server = await serve([SelfController]);
      await using client = await server.connect('/');
      client.send('own');
      expect(await client.next()).toBe(publishToSelf ? 'own' : 'done');
    }
  });

  it(
    '#33526: an HTTP route swallows the upgrade',
    shownBy('never swallows an upgrade', 'behaviour/routing.spec.ts'),
  );
});
