import { IsBoolean, IsIn, IsInt, IsOptional, IsString, MinLength } from 'class-validator';
import {
  BeforeHandle,
  ConflictException,
  Connection,
  Cookies,
  Handshake,
  Headers,
  HttpException,
  OnMessage,
  OnOpen,
  Param,
  Query,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { rawUpgrade } from '../support/raw.ts';

@WebSocketRoute('/echo')
class EchoController {
  @OnMessage()
  echo(text: string) {
    return text;
  }
}

describe('an upgrade request', () => {
  it.each([
    ['no Connection: upgrade', { Connection: 'keep-alive' }, 400, 'bad_request'],
    ['no key', { 'Sec-WebSocket-Key': null }, 400, 'bad_request'],
    ['a short key', { 'Sec-WebSocket-Key': 'YWJj' }, 400, 'bad_request'],
    ['another version', { 'Sec-WebSocket-Version': '8' }, 426, 'upgrade_required'],
    ['no version', { 'Sec-WebSocket-Version': null }, 426, 'upgrade_required'],
  ])('with %s is refused', async (_name, headers, status, code) => {
    await using server = await serve([EchoController]);
    const response = await rawUpgrade(`${server.url}/echo`, { headers });
    expect(response.status).toBe(status);
    expect(response.json()).toMatchObject({ statusCode: status, code });
    if (status === 426) expect(response.headers['sec-websocket-version']).toBe('13');
  });

  it.each(['WebSocket', 'WEBSOCKET'])('may write Upgrade: %s', async name => {
    await using server = await serve([EchoController]);
    expect((await rawUpgrade(`${server.url}/echo`, { headers: { Upgrade: name } })).status).toBe(101);
  });

  it('may list upgrade among other Connection tokens', async () => {
    await using server = await serve([EchoController]);
    const headers = { Connection: 'keep-alive, Upgrade' };
    expect((await rawUpgrade(`${server.url}/echo`, { headers })).status).toBe(101);
  });
});

describe('the Origin header', () => {
  async function statusOf(origin: string | null, options = {}, host?: string): Promise<number> {
    await using server = await serve([EchoController], options);
    const headers = { ...(origin === null ? {} : { Origin: origin }), ...(host ? { Host: host } : {}) };
    return (await rawUpgrade(`${server.url}/echo`, { headers })).status;
  }

  it.each([
    ['https://evil.example', undefined, 403],
    ['null', undefined, 403],
    ['not a url', undefined, 403],
    ['https://app.example.com', 'app.example.com', 101],
    ['https://APP.example.com:443', 'app.example.com', 101],
    ['http://app.example.com', 'app.example.com:80', 101],
    ['https://app.example.com:8443', 'app.example.com', 403],
    ['https://app.example.com.evil.com', 'app.example.com', 403],
    ['http://localhost:5173', undefined, 101],
    [null, undefined, 101],
  ])('%s for host %s is %i by default', async (origin, host, status) => {
    expect(await statusOf(origin, {}, host)).toBe(status);
  });

  it('is denied with a body that says so, before any hook', async () => {
    let calls = 0;
    @WebSocketRoute('/guarded')
    class GuardedController {
      @BeforeHandle()
      check() {
        calls++;
      }
    }
    await using server = await serve([GuardedController]);
    const response = await rawUpgrade(`${server.url}/guarded`, {
      headers: { Origin: 'https://evil.example' },
    });
    expect(response.json()).toEqual({
      statusCode: 403,
      code: 'origin_denied',
      message: 'This origin may not connect',
    });
    expect(calls).toBe(0);
  });

  it.each([
    ['https://app.example.com', 101],
    ['https://eu.app.example.org', 101],
    ['https://xexample.org', 403],
    ['https://example.org', 403],
    ['http://app.example.com', 403],
    ['https://app.example.com:444', 403],
  ])('%s against a list is %i', async (origin, status) => {
    const origins = ['https://app.example.com', 'https://*.example.org'];
    expect(await statusOf(origin, { websocket: { origins } })).toBe(status);
  });

  it("is not looked at with origins: 'any'", async () => {
    expect(await statusOf('https://evil.example', { websocket: { origins: 'any' } })).toBe(101);
  });
});

describe('subprotocols', () => {
  @WebSocketRoute('/spoken', { subprotocols: ['v2', 'v1'] })
  class SpokenController {
    @OnOpen()
    open(handshake: Handshake) {
      return String(handshake.subprotocol);
    }
  }

  it('selects the first of the server that the client offers', async () => {
    await using server = await serve([SpokenController]);
    await using client = await server.connect('/spoken', { protocols: ['v1', 'v2'] });
    expect(client.socket.protocol).toBe('v2');
    expect(await client.next()).toBe('v2');
  });

  it('refuses with 400 what it does not speak', async () => {
    await using server = await serve([SpokenController]);
    const response = await rawUpgrade(`${server.url}/spoken`, {
      headers: { 'Sec-WebSocket-Protocol': 'v9' },
    });
    expect(response.status).toBe(400);
  });

  it('upgrades without one when none is offered', async () => {
    await using server = await serve([SpokenController]);
    const response = await rawUpgrade(`${server.url}/spoken`);
    expect(response.status).toBe(101);
    expect(response.headers).not.toHaveProperty('sec-websocket-protocol');
  });

  it('selects none on a route that speaks none', async () => {
    await using server = await serve([EchoController]);
    const response = await rawUpgrade(`${server.url}/echo`, {
      headers: { 'Sec-WebSocket-Protocol': 'a, b' },
    });
    expect(response.status).toBe(101);
    expect(response.headers['sec-websocket-protocol'] ?? '').toBe('');
  });
});

describe('@BeforeHandle', () => {
  function refusingWith(answer: () => unknown) {
    @WebSocketRoute('/door')
    class DoorController {
      @BeforeHandle()
      check() {
        return answer();
      }
    }
    return DoorController;
  }

  it.each([
    ['false', () => false, 403, { statusCode: 403, code: 'forbidden', message: 'Forbidden' }],
    [
      'an HttpException',
      () => {
        throw new ConflictException('the name is taken');
      },
      409,
      { statusCode: 409, code: 'conflict', message: 'the name is taken' },
    ],
    [
      'an HttpException with a code of its own',
      () => {
        throw new HttpException({ code: 'no_seat', message: 'full' }, 418);
      },
      418,
      { statusCode: 418, code: 'no_seat', message: 'full' },
    ],
    [
      'any other throw',
      () => {
        throw new Error('secret');
      },
      500,
      { statusCode: 500, code: 'internal', message: 'Internal server error' },
    ],
    ['a thrown undefined', () => Promise.reject(undefined), 500, { code: 'internal' }],
    ['a value that means nothing', () => 'yes', 500, { code: 'internal' }],
  ])('refuses by %s, at once or later', async (_name, answer, status, body) => {
    for (const given of [answer, async () => answer()]) {
      await using server = await serve([refusingWith(given)]);
      const response = await rawUpgrade(`${server.url}/door`);
      expect(response.status).toBe(status);
      expect(response.json()).toMatchObject(body);
      expect(response.body).not.toContain('secret');
    }
  });

  it('answers with a Response as it is', async () => {
    const answer = () => new Response('later', { status: 429, headers: { 'Retry-After': '7' } });
    await using server = await serve([refusingWith(answer)]);
    const response = await rawUpgrade(`${server.url}/door`);
    expect([response.status, response.headers['retry-after'], response.body]).toEqual([429, '7', 'later']);
  });

  it.each([
    ['nothing', () => undefined],
    ['true', () => true],
    ['a promise of nothing', async () => {}],
  ])('lets in with %s', async (_name, answer) => {
    await using server = await serve([refusingWith(answer)]);
    expect((await rawUpgrade(`${server.url}/door`)).status).toBe(101);
  });

  it('logs its own failure once, with hook and route', async () => {
    await using server = await serve([
      refusingWith(() => {
        throw new Error('secret');
      }),
    ]);
    await rawUpgrade(`${server.url}/door`);
    expect(server.log).toHaveLength(1);
    expect(server.log[0]).toMatchObject({
      level: 'error',
      facts: { route: 'DoorController', hook: 'DoorController.check()' },
    });
  });

  it('runs once per connection, several in the order of their declaration, and hands on handshake.data', async () => {
    @WebSocketRoute('/order')
    class OrderController {
      @BeforeHandle()
      async first(handshake: Handshake) {
        handshake.data.steps = ['first'];
      }

      @BeforeHandle()
      second(handshake: Handshake) {
        (handshake.data.steps as string[]).push('second');
      }

      @OnOpen()
      open(connection: Connection) {
        return connection.data;
      }
    }
    await using server = await serve([OrderController]);
    await using client = await server.connect('/order');
    expect(await client.next()).toEqual({ steps: ['first', 'second'] });
  });

  it('stops at the first that refuses', async () => {
    let calls = 0;
    @WebSocketRoute('/stop')
    class StopController {
      @BeforeHandle()
      first() {
        return false;
      }

      @BeforeHandle()
      second() {
        calls++;
      }
    }
    await using server = await serve([StopController]);
    expect((await rawUpgrade(`${server.url}/stop`)).status).toBe(403);
    expect(calls).toBe(0);
  });

  it('leaves nothing behind when the client goes away meanwhile', async () => {
    const entered = Promise.withResolvers<AbortSignal>();
    const release = Promise.withResolvers<void>();
    let opened = 0;
    @WebSocketRoute('/slow')
    class SlowController {
      @BeforeHandle()
      async wait(signal: AbortSignal) {
        entered.resolve(signal);
        await release.promise;
      }

      @OnOpen()
      open() {
        opened++;
      }
    }
    await using server = await serve([SlowController]);
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/slow`);
    socket.onerror = () => {};
    const signal = await entered.promise;
    const aborted = new Promise(resolve => signal.addEventListener('abort', resolve));
    socket.terminate();
    await aborted;
    release.resolve();
    await using other = await server.connect('/slow');
    expect(opened).toBe(1);
    await other.close();
  });
});

describe('slots of the upgrade', () => {
  class RoomParams {
    @IsInt()
    room!: number;
  }

  class ChatQuery {
    @IsString()
    @MinLength(2)
    name!: string;

    @IsOptional()
    @IsBoolean()
    quiet?: boolean;

    @IsOptional()
    @IsIn(['en', 'fr'])
    lang = 'en';
  }

  class ChatHeaders {
    @IsString()
    'x-token'!: string;
  }

  class ChatCookies {
    @IsString()
    session!: string;
  }

  @WebSocketRoute('/rooms/:room')
  class RoomController {
    @BeforeHandle()
    before(@Query() query: ChatQuery, handshake: Handshake) {
      handshake.data.before = query;
    }

    @OnOpen()
    open(
      connection: Connection,
      @Param() params: RoomParams,
      @Query() query: ChatQuery,
      @Headers() headers: ChatHeaders,
      @Cookies() cookies: ChatCookies,
    ) {
      const classes = [params, query, headers, cookies].map(slot => slot.constructor.name);
      return { params, query, headers, cookies, classes, isSame: connection.data.before === query };
    }
  }

  const good = { headers: { 'X-Token': 't', Cookie: 'session=s; other=1' } };

  it('reach hooks as DTO instances, converted, the same in every hook', async () => {
    await using server = await serve([RoomController]);
    await using client = await server.connect('/rooms/7?name=Ada&quiet=false', good);
    expect(await client.next()).toEqual({
      params: { room: 7 },
      query: { name: 'Ada', quiet: false, lang: 'en' },
      headers: { 'x-token': 't' },
      cookies: { session: 's' },
      classes: ['RoomParams', 'ChatQuery', 'ChatHeaders', 'ChatCookies'],
      isSame: true,
    });
  });

  it('refuse with 422 and the issues of all slots', async () => {
    await using server = await serve([RoomController]);
    const response = await rawUpgrade(`${server.url}/rooms/abc?name=A&quiet=maybe`);
    expect(response.status).toBe(422);
    expect(response.json()).toEqual({
      statusCode: 422,
      code: 'validation_failed',
      message: 'Validation failed',
      issues: expect.arrayContaining([
        { path: 'room', rule: 'isNumber', message: 'must be a number' },
        expect.objectContaining({ path: 'name', rule: 'minLength' }),
        expect.objectContaining({ path: 'quiet' }),
        expect.objectContaining({ path: 'x-token', rule: 'isString' }),
        expect.objectContaining({ path: 'session', rule: 'isString' }),
      ]),
    });
    expect(response.body).not.toContain('maybe');
  });

  @WebSocketRoute('/keys/:id')
  class KeysController {
    @OnMessage()
    all(
      @Param('id') id: number,
      @Query('flag') flag: boolean,
      @Query('tag') tags: string[],
      @Query('missing') missing: string,
      @Query('at') at: Date,
      @Headers('X-Token') token: string,
      @Cookies('session') session: string,
      @Query() query: Record<string, unknown>,
    ) {
      return { id, flag, tags, missing: missing === undefined, at: at?.getTime(), token, session, query };
    }
  }

  it('give single values by key, converted to the type of the parameter', async () => {
    await using server = await serve([KeysController]);
    await using client = await server.connect('/keys/7?flag=false&tag=a&tag=b&at=2026-01-02T03:04:05Z', good);
    client.send('go');
    expect(await client.next()).toEqual({
      id: 7,
      flag: false,
      tags: ['a', 'b'],
      missing: true,
      at: Date.parse('2026-01-02T03:04:05Z'),
      token: 't',
      session: 's',
      query: { flag: 'false', tag: ['a', 'b'], at: '2026-01-02T03:04:05Z' },
    });
  });

  it.each([
    ['/keys/abc', 'id'],
    ['/keys/7?flag=maybe', 'flag'],
    ['/keys/7?at=never', 'at'],
  ])('refuse %s with an issue at %s', async (path, at) => {
    await using server = await serve([KeysController]);
    const response = await rawUpgrade(server.url + path);
    expect(response.status).toBe(422);
    expect(response.json().issues).toEqual([expect.objectContaining({ path: at })]);
  });

  it('are gone after the upgrade unless a hook declares them, and say so', async () => {
    @WebSocketRoute('/gone')
    class GoneController {
      @OnOpen()
      open(handshake: Handshake) {
        try {
          return handshake.headers;
        } catch (error) {
          return `${handshake.path}: ${(error as Error).message}`;
        }
      }
    }
    await using server = await serve([GoneController]);
    await using client = await server.connect('/gone?x=1');
    expect(await client.next()).toMatch(
      /^\/gone: handshake\.headers is there during the upgrade only: declare it/,
    );
  });
});
