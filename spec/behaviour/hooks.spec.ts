import { IsInt, IsString } from 'class-validator';
import {
  BeforeHandle,
  Connection,
  EventName,
  Handshake,
  MessageBody,
  OnError,
  OnMessage,
  OnOpen,
  Param,
  Parse,
  ParseMessage,
  Query,
  Transform,
  TransformMessage,
  UpgradeHeaders,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { rawUpgrade } from '../support/raw.ts';

class Page {
  @IsInt()
  page!: number;
}

describe('@Parse', () => {
  it('replaces what was read from the request, before it is checked', async () => {
    @WebSocketRoute('/list/:name')
    class ListController {
      @Parse()
      async first(handshake: Handshake) {
        const [name, page] = (handshake.params.name ?? '').split('~');
        return { params: { name: name ?? '' }, query: { page: page ?? '' } };
      }

      @Parse()
      nothing() {}

      @Parse()
      second(handshake: Handshake) {
        return { query: { page: `${handshake.query.page}0` }, headers: { 'x-parsed': handshake.path } };
      }

      @BeforeHandle()
      before(handshake: Handshake) {
        handshake.data.seen = handshake.headers['x-parsed'];
      }

      @OnOpen()
      open(connection: Connection, @Param('name') name: string, @Query() { page }: Page) {
        return { name, page, seen: connection.data.seen };
      }
    }
    await using server = await serve([ListController]);
    await using client = await server.connect('/list/blue~4?page=ignored');
    expect(await client.next()).toEqual({ name: 'blue', page: 40, seen: '/list/blue~4' });
    expect((await rawUpgrade(`${server.url}/list/blue~x`)).status).toBe(422);
  });

  it('refuses by what it throws, and with 500 for a result that means nothing', async () => {
    for (const [result, status] of [
      [() => 'text', 500],
      [async () => 7, 500],
      [() => Promise.reject(new Error('secret')), 500],
    ] as const) {
      @WebSocketRoute('/')
      class BadController {
        @Parse()
        parse() {
          return result();
        }
      }
      await using server = await serve([BadController]);
      const response = await rawUpgrade(`${server.url}/`);
      expect(response.status).toBe(status);
      expect(response.body).not.toContain('secret');
      expect(server.log).toMatchObject([{ level: 'error', facts: { hook: 'BadController.parse()' } }]);
    }
  });
});

describe('@Transform', () => {
  it('changes values after @Parse and before they are checked', async () => {
    const order: string[] = [];
    @WebSocketRoute('/')
    class TransformController {
      @Transform()
      async transform(handshake: Handshake) {
        order.push(`transform ${handshake.query.page}`);
        handshake.query.page = '8';
      }

      @Parse()
      parse() {
        order.push('parse');
        return { query: { page: 'seven' } };
      }

      @OnOpen()
      open(@Query() { page }: Page) {
        return page;
      }
    }
    await using server = await serve([TransformController]);
    await using client = await server.connect('/');
    expect(await client.next()).toBe(8);
    expect(order).toEqual(['parse', 'transform seven']);
  });
});

describe('headers of the 101', () => {
  @WebSocketRoute('/', { headers: { 'X-Fixed': 'fixed', 'Set-Cookie': ['a=1', 'b=2'] } })
  class HeadersController {
    @UpgradeHeaders()
    record(@Query('tag') tag: string) {
      return { 'X-Tag': tag, 'Set-Cookie': ['c=3; HttpOnly'] };
    }

    @UpgradeHeaders()
    async pairs() {
      return [['X-Later', 'later']];
    }

    @UpgradeHeaders()
    headers() {
      return new Headers({ 'X-Headers': 'yes' });
    }
  }

  it('come from options.headers and every @UpgradeHeaders, several cookies among them', async () => {
    await using server = await serve([HeadersController]);
    const { status, headers } = await rawUpgrade(`${server.url}/?tag=t`);
    expect(status).toBe(101);
    expect(headers).toMatchObject({
      'x-fixed': 'fixed',
      'x-tag': 't',
      'x-later': 'later',
      'x-headers': 'yes',
    });
    expect(headers['set-cookie']?.split('\n')).toEqual(['a=1', 'b=2', 'c=3; HttpOnly']);
  });

  it('refuse with 500 where a value has a line break, and the log names hook and header', async () => {
    await using server = await serve([HeadersController]);
    const response = await rawUpgrade(`${server.url}/?tag=a%0d%0aX-Evil:%201`);
    expect(response.status).toBe(500);
    expect(response.headers).not.toHaveProperty('x-evil');
    expect(server.log).toHaveLength(1);
    expect(server.log[0]?.facts.error).toMatchObject({
      message: 'HeadersController.record() gave the header "X-Tag" a name or value that cannot be sent',
    });
  });

  it('are sent with options.headers alone', async () => {
    @WebSocketRoute('/', { headers: { 'X-Fixed': 'fixed' } })
    class FixedController {}
    await using server = await serve([FixedController]);
    expect((await rawUpgrade(`${server.url}/`)).headers['x-fixed']).toBe('fixed');
  });
});

describe('@ParseMessage', () => {
  it('gives the message of a plain route; the first result that is not undefined counts', async () => {
    @WebSocketRoute('/')
    class CsvController {
      @ParseMessage()
      none() {}

      @ParseMessage()
      async csv(frame: string | Uint8Array, connection: Connection) {
        connection.data.frames = Number(connection.data.frames ?? 0) + 1;
        if (typeof frame !== 'string') return { page: frame.length };
        return frame.startsWith('page=') ? { page: Number(frame.slice(5)) } : undefined;
      }

      @ParseMessage()
      never(frame: unknown) {
        if (typeof frame === 'string' && frame.startsWith('page=')) throw new Error('ran');
      }

      @OnMessage()
      take(body: Page, connection: Connection) {
        return { page: body.page, isDto: body instanceof Page, frames: connection.data.frames };
      }
    }
    await using server = await serve([CsvController]);
    await using client = await server.connect('/');
    for (const frame of ['page=4', '{"page":5}', new Uint8Array(6), 'page=x']) client.send(frame);
    expect(await client.take(4)).toEqual([
      { page: 4, isDto: true, frames: 1 },
      { page: 5, isDto: true, frames: 2 },
      { page: 6, isDto: true, frames: 3 },
      { error: expect.objectContaining({ code: 'validation_failed' }) },
    ]);
  });

  it('gives the envelope of an events route, also from bytes', async () => {
    @WebSocketRoute('/')
    class BytesController {
      @ParseMessage()
      parse(frame: string | Uint8Array) {
        if (typeof frame === 'string') return frame === 'broken' ? { event: 7 } : undefined;
        return { event: 'sum', data: { page: frame.reduce((sum, byte) => sum + byte, 0) }, id: frame[0] };
      }

      @OnMessage('sum')
      sum(body: Page) {
        return body.page;
      }
    }
    await using server = await serve([BytesController]);
    await using client = await server.connect('/');
    for (const frame of [new Uint8Array([1, 2, 3]), { event: 'sum', data: { page: 9 }, id: 'j' }, 'broken']) {
      client.send(frame);
    }
    expect(await client.take(3)).toEqual([
      { id: 1, data: 6 },
      { id: 'j', data: 9 },
      { event: 'exception', data: expect.objectContaining({ code: 'bad_frame' }) },
    ]);
  });

  it('ends in the error boundary when it throws, and the next message is handled', async () => {
    @WebSocketRoute('/')
    class BoomController {
      @ParseMessage()
      parse(frame: string) {
        if (frame === 'sync') throw new Error('secret');
        if (frame === 'async') return Promise.reject(new Error('secret'));
        return undefined;
      }

      @OnMessage()
      echo(text: string) {
        return text;
      }
    }
    await using server = await serve([BoomController]);
    await using client = await server.connect('/');
    for (const frame of ['sync', 'async', 'fine']) client.send(frame);
    const internal = { error: { code: 'internal', message: 'Internal server error' } };
    expect(await client.take(3)).toEqual([internal, internal, 'fine']);
    expect(server.log.map(({ facts }) => facts.hook)).toEqual([
      'BoomController.parse()',
      'BoomController.parse()',
    ]);
  });

  it('keeps the order of messages, and reads a reply that a handler awaits', async () => {
    @WebSocketRoute('/')
    class AskController {
      @ParseMessage()
      async parse(frame: string | Uint8Array) {
        if (typeof frame === 'string') return undefined;
        await new Promise(resolve => setImmediate(resolve));
        return JSON.parse(new TextDecoder().decode(frame));
      }

      @OnMessage('ask')
      ask(connection: Connection) {
        return connection.request('question');
      }

      @OnMessage('note')
      note(@MessageBody() text: string) {
        return text;
      }
    }
    await using server = await serve([AskController]);
    await using client = await server.connect('/');
    const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    client.send(bytes({ event: 'ask', id: 1 }));
    const { id } = (await client.next()) as { id: number };
    client.send(bytes({ event: 'note', data: 'a', id: 2 }));
    client.send({ event: 'note', data: 'b', id: 3 });
    client.send(bytes({ id, data: 'answer' }));
    client.send({ event: 'note', data: 'c', id: 4 });
    expect(await client.take(4)).toEqual([
      { id: 1, data: 'answer' },
      { id: 2, data: 'a' },
      { id: 3, data: 'b' },
      { id: 4, data: 'c' },
    ]);
  });
});

describe('@TransformMessage', () => {
  class Name {
    @IsString()
    name!: string;
  }

  it('changes a value or returns another, before it is checked, in order, for its event only', async () => {
    @WebSocketRoute('/')
    class NameController {
      @TransformMessage()
      async trim(data: { name?: unknown }, @EventName() name: string) {
        if (typeof data?.name === 'string') data.name = `${data.name.trim()} ${name}`;
      }

      @TransformMessage('shout')
      shout(data: { name: string }) {
        return { name: data.name.toUpperCase() };
      }

      @TransformMessage('fix')
      fix() {
        return { name: 'fixed' };
      }

      @OnMessage('say')
      @OnMessage('shout')
      @OnMessage('fix')
      say(body: Name) {
        return body.name;
      }
    }
    await using server = await serve([NameController]);
    await using client = await server.connect('/');
    client.send({ event: 'say', data: { name: ' ada ' } });
    client.send({ event: 'shout', data: { name: ' ada ' } });
    client.send({ event: 'fix', data: 7 });
    client.send({ event: 'say', data: { name: 5 }, id: 1 });
    expect(await client.take(4)).toEqual([
      { event: 'say', data: 'ada say' },
      { event: 'shout', data: 'ADA SHOUT' },
      { event: 'fix', data: 'fixed' },
      { id: 1, error: expect.objectContaining({ code: 'validation_failed' }) },
    ]);
  });

  it('runs on a plain route too, and what it throws is its own failure', async () => {
    @WebSocketRoute('/')
    class UpperController {
      @TransformMessage()
      upper(text: string) {
        if (text === 'boom') throw new Error('secret');
        return text === 'keep' ? undefined : text.toUpperCase();
      }

      @OnMessage()
      echo(text: string) {
        return text;
      }
    }
    await using server = await serve([UpperController]);
    await using client = await server.connect('/');
    for (const frame of ['ada', 'keep', 'boom', 'bob']) client.send(frame);
    expect(await client.take(4)).toEqual([
      'ADA',
      'keep',
      { error: { code: 'internal', message: 'Internal server error' } },
      'BOB',
    ]);
    expect(server.log).toMatchObject([{ level: 'error', facts: { hook: 'UpperController.upper()' } }]);
  });
});

describe('@OnError', () => {
  it('takes the error, the connection, the hook and the event; what it returns is sent', async () => {
    @WebSocketRoute('/')
    class ErrorController {
      @OnMessage('boom')
      boom() {
        throw new Error('secret');
      }

      @OnMessage('say')
      say(body: Page) {
        return body.page;
      }

      @OnError()
      error(
        error: Error & { code?: string },
        where: { hook: string; event?: string },
        connection: Connection,
      ) {
        return { says: error.code ?? 'boom', ...where, isOpen: connection.readyState === 1 };
      }
    }
    await using server = await serve([ErrorController]);
    await using client = await server.connect('/');
    client.send({ event: 'boom', id: 1 });
    client.send({ event: 'boom' });
    client.send({ event: 'say', data: {}, id: 2 });
    client.send({ event: 'nope', id: 3 });
    client.send('garbage');
    expect(await client.take(5)).toEqual([
      { id: 1, data: { says: 'boom', hook: 'message', event: 'boom', isOpen: true } },
      { event: 'exception', data: { says: 'boom', hook: 'message', event: 'boom', isOpen: true } },
      { id: 2, data: { says: 'validation_failed', hook: 'message', event: 'say', isOpen: true } },
      { id: 3, data: { says: 'unknown_event', hook: 'message', event: 'nope', isOpen: true } },
      { event: 'exception', data: { says: 'bad_frame', hook: 'message', isOpen: true } },
    ]);
    expect(server.log).toHaveLength(2);
  });

  it('that returns nothing leaves the default frame, and so does one that throws, which is logged', async () => {
    for (const isSilent of [true, false]) {
      @WebSocketRoute('/')
      class QuietController {
        @OnMessage()
        boom(text: string) {
          if (text === 'fine') return text;
          throw new Error('secret');
        }

        @OnError()
        error() {
          return isSilent ? undefined : Promise.reject(new Error('again'));
        }
      }
      await using server = await serve([QuietController]);
      await using client = await server.connect('/');
      client.send('go');
      client.send('fine');
      expect(await client.take(2)).toEqual([
        { error: { code: 'internal', message: 'Internal server error' } },
        'fine',
      ]);
      expect(server.log.map(({ message }) => message).slice(1)).toEqual(
        isSilent ? [] : ['QuietController.error() failed'],
      );
    }
  });
});
