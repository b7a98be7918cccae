import { Type } from 'class-transformer';
import { IsInt, IsString, MaxLength, ValidateNested } from 'class-validator';
import { Connection, event, MessageBody, OnMessage, OnOpen, WebSocketRoute } from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';

class Item {
  @IsInt()
  count!: number;
}

class Order {
  @IsString()
  @MaxLength(8)
  name!: string;

  @ValidateNested({ each: true })
  @Type(() => Item)
  items!: Item[];
}

/** What a route with one handler answers to one frame. */
async function answerTo(controller: new () => object, frame: unknown): Promise<unknown> {
  await using server = await serve([controller]);
  await using client = await server.connect('/');
  client.send(frame);
  return await client.next();
}

describe('@OnMessage() on a plain route', () => {
  it('takes a DTO: decoded, checked, unknown properties stripped', async () => {
    @WebSocketRoute('/')
    class OrderController {
      @OnMessage()
      take(order: Order) {
        return [order instanceof Order, order.items[0] instanceof Item, order];
      }
    }
    const frame = { name: 'tea', role: 'admin', items: [{ count: 1, extra: 2 }] };
    expect(await answerTo(OrderController, frame)).toEqual([
      true,
      true,
      { name: 'tea', items: [{ count: 1 }] },
    ]);
    expect(await answerTo(OrderController, { name: 'far too long', items: [{ count: 'x' }] })).toEqual({
      error: {
        code: 'validation_failed',
        message: 'Validation failed',
        issues: [
          { path: 'name', rule: 'maxLength', message: expect.any(String) },
          { path: 'items.0.count', rule: 'isInt', message: expect.any(String) },
        ],
      },
    });
    expect(await answerTo(OrderController, '{"name":')).toEqual({
      error: { code: 'bad_frame', message: 'The frame is not JSON' },
    });
    expect(await answerTo(OrderController, 'null')).toMatchObject({ error: { code: 'validation_failed' } });
  });

  it('takes a string: the raw text, never a guess from it', async () => {
    @WebSocketRoute('/')
    class TextController {
      @OnMessage()
      take(text: string) {
        return `${typeof text} ${text}`;
      }
    }
    for (const text of ['hi', '123', 'true', '{"a":1}', '']) {
      expect(await answerTo(TextController, text)).toBe(`string ${text}`);
    }
  });

  it('takes a number or a boolean: that JSON scalar', async () => {
    @WebSocketRoute('/')
    class NumberController {
      @OnMessage()
      take(value: number) {
        return value + 1;
      }
    }
    @WebSocketRoute('/')
    class BooleanController {
      @OnMessage()
      take(value: boolean) {
        return !value;
      }
    }
    expect(await answerTo(NumberController, '41')).toBe(42);
    expect(await answerTo(NumberController, '"41"')).toMatchObject({
      error: { code: 'validation_failed', issues: [{ path: '' }] },
    });
    expect(await answerTo(BooleanController, 'false')).toBe(true);
    expect(await answerTo(BooleanController, '0')).toMatchObject({ error: { code: 'validation_failed' } });
  });

  it('takes bytes, text and binary handlers side by side', async () => {
    @WebSocketRoute('/')
    class BothController {
      @OnMessage()
      text(text: string) {
        return `text ${text}`;
      }

      @OnMessage()
      binary(bytes: Uint8Array) {
        return bytes.map(byte => byte + 1);
      }
    }
    expect(await answerTo(BothController, 'a')).toBe('text a');
    expect(await answerTo(BothController, new Uint8Array([1, 255]))).toEqual(new Uint8Array([2, 0]));
  });

  it('answers bad_frame to a frame of the kind it has no handler for', async () => {
    @WebSocketRoute('/')
    class TextController {
      @OnMessage()
      text(text: string) {
        return text;
      }
    }
    @WebSocketRoute('/')
    class BinaryController {
      @OnMessage()
      binary(bytes: Buffer) {
        return bytes;
      }
    }
    expect(await answerTo(TextController, new Uint8Array([1]))).toEqual({
      error: { code: 'bad_frame', message: 'The frame is not text' },
    });
    expect(await answerTo(BinaryController, 'a')).toEqual({
      error: { code: 'bad_frame', message: 'The frame is not binary' },
    });
  });

  it('takes a list, any JSON, and properties by key where the type cannot be reflected', async () => {
    @WebSocketRoute('/')
    class ListController {
      @OnMessage()
      take(@MessageBody(() => [Item]) items: Item[]) {
        return items.every(item => item instanceof Item) && items.length;
      }
    }
    @WebSocketRoute('/')
    class AnyController {
      @OnMessage()
      take(@MessageBody(() => Object) value: unknown) {
        return { value };
      }
    }
    @WebSocketRoute('/')
    class KeysController {
      @OnMessage()
      take(@MessageBody('item') item: Item, @MessageBody('note') note: string, connection: Connection) {
        return [item instanceof Item, note, connection instanceof Connection];
      }
    }
    expect(await answerTo(ListController, [{ count: 1 }, { count: 2 }])).toBe(2);
    expect(await answerTo(ListController, [{ count: 1 }, { count: 'x' }])).toMatchObject({
      error: { issues: [{ path: '1.count', rule: 'isInt' }] },
    });
    expect(await answerTo(AnyController, [1, 'x'])).toEqual({ value: [1, 'x'] });
    expect(await answerTo(KeysController, { item: { count: 1 }, note: 'n' })).toEqual([true, 'n', true]);
    expect(await answerTo(KeysController, { item: { count: 'x' }, note: 5 })).toMatchObject({
      error: { issues: [{ path: 'item.count' }, { path: 'note' }] },
    });
    expect(await answerTo(KeysController, [])).toMatchObject({ error: { code: 'validation_failed' } });
  });
});

describe('a reply on a plain route', () => {
  function returning(value: () => unknown) {
    @WebSocketRoute('/')
    class ReturningController {
      @OnMessage()
      take(text: string) {
        return text === 'again' ? 'still here' : value();
      }
    }
    return ReturningController;
  }

  it.each([
    ['a string as it is', () => 'text', 'text'],
    ['an empty string', () => '', ''],
    ['an object', () => ({ a: [1] }), '{"a":[1]}'],
    ['a list', () => [1, 2], '[1,2]'],
    ['a number', () => 7, '7'],
    ['false', () => false, 'false'],
    ['null', () => null, 'null'],
    ['a Date', () => new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['an empty object', () => ({ a: {} }), '{"a":{}}'],
    ['a promise', async () => 'later', 'later'],
    ['bytes', () => new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    ['a Buffer', () => Buffer.from('ab'), new Uint8Array([97, 98])],
    ['an ArrayBuffer', () => new Uint8Array([3]).buffer, new Uint8Array([3])],
    ['a DataView', () => new DataView(new Uint8Array([1, 2, 3]).buffer, 1), new Uint8Array([2, 3])],
    ['a Blob', () => new Blob(['ab']), new Uint8Array([97, 98])],
  ])('is %s', async (_name, value, frame) => {
    await using server = await serve([returning(value)]);
    await using client = await server.connect('/');
    client.send('go');
    expect(await client.nextFrame()).toEqual(frame);
  });

  it.each([
    ['a function', () => () => {}],
    ['a symbol', () => Symbol('x')],
    ['a BigInt', () => 1n],
    ['a cycle', () => cycle()],
    ['a Map', () => new Map([[1, 2]])],
    ['a nested Map', () => ({ a: [{ b: new Map() }] })],
    ['a Set', () => new Set([1])],
    ['a Response', () => new Response('x')],
    ['an Error', () => new Error('secret')],
    ['a nested Uint8Array', () => ({ a: new Uint8Array([1]) })],
  ])('that is %s is the server’s error, which names the handler', async (_name, value) => {
    await using server = await serve([returning(value)]);
    await using client = await server.connect('/');
    client.send('go');
    client.send('again');
    expect(await client.take(2)).toEqual([
      { error: { code: 'internal', message: 'Internal server error' } },
      'still here',
    ]);
    expect(server.log).toMatchObject([{ level: 'error', message: 'ReturningController.take() failed' }]);
  });

  it('that names an event is the server’s error: plain frames have no envelope', async () => {
    expect(await answerTo(returning(() => event('x', 1)) as new () => object, 'go')).toEqual({
      error: { code: 'internal', message: 'Internal server error' },
    });
  });

  it('says that a route without handlers takes no messages, which may have envelopes of its own', async () => {
    @WebSocketRoute('/')
    class PushController {
      @OnOpen()
      open() {
        return event('hello', 1);
      }
    }
    await using server = await serve([PushController]);
    await using client = await server.connect('/');
    client.send('go');
    expect(await client.take(2)).toEqual([
      { event: 'hello', data: 1 },
      { error: { code: 'bad_frame', message: 'The frame is not expected: this route takes no messages' } },
    ]);
  });

  it('is nothing for undefined', async () => {
    expect(await answerToBoth(returning(() => undefined))).toBe('still here');
  });

  it('is each item of a generator, or of any async iterable; what it returns is not sent', async () => {
    const twice = {
      *sync() {
        yield 1;
        yield undefined;
        yield 2;
        return 3;
      },
      async *later() {
        yield 1;
        yield 2;
        return 3;
      },
    };
    for (const stream of [() => twice.sync(), () => twice.later(), async () => twice.later()]) {
      await using server = await serve([returning(stream)]);
      await using client = await server.connect('/');
      client.send('go');
      client.send('again');
      expect(await client.take(3)).toEqual([1, 2, 'still here']);
    }
  });
});

async function answerToBoth(controller: new () => object): Promise<unknown> {
  await using server = await serve([controller]);
  await using client = await server.connect('/');
  client.send('go');
  client.send('again');
  return await client.next();
}

function cycle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
