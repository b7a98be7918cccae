import { IsInt, IsString } from 'class-validator';
import {
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  OnClose,
  OnError,
  OnMessage,
  UseInterceptors,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';

class Order {
  @IsString() name!: string;
  @IsInt() count!: number;
}

@WebSocketRoute('/plain')
class PlainController {
  @OnMessage()
  take(order: Order) {
    return order.name;
  }
}

@WebSocketRoute('/events')
class EventsController {
  @OnMessage('order')
  take(order: Order) {
    return order.name;
  }
}

const COUNT = { path: 'count', rule: 'isInt', message: 'count must be an integer number' };
const NAME = { path: 'name', rule: 'isString', message: 'name must be a string' };
const failed = (...issues: object[]) => ({ code: 'validation_failed', message: 'Validation failed', issues });

describe('the same mistake, made again', () => {
  it('is told as it was the first time, on every kind of route and with every id', async () => {
    await using server = await serve([PlainController, EventsController]);
    await using plain = await server.connect('/plain');
    await using events = await server.connect('/events');
    const wrong = { name: 'tea', count: 'a' };
    for (const id of [1, 2, 'three']) {
      plain.send(wrong);
      expect(await plain.next()).toEqual({ error: failed(COUNT) });
      plain.send({ name: 1, count: 'a' });
      expect(await plain.next()).toEqual({ error: failed(NAME, COUNT) });
      events.send({ event: 'order', data: wrong });
      expect(await events.next()).toEqual({
        event: 'exception',
        data: { status: 'error', ...failed(COUNT) },
      });
      events.send({ event: 'order', data: wrong, id });
      expect(await events.next()).toEqual({ id, error: failed(COUNT) });
    }
    plain.send({ name: 'tea', count: 1 });
    expect(await plain.next()).toBe('tea');
  });
});

describe('closeAfterInvalid', () => {
  const wrong = { name: 'tea', count: 'a' };

  it('closes with 4400 after the hundredth invalid message, which is answered like the others', async () => {
    await using server = await serve([PlainController]);
    await using client = await server.connect('/plain');
    for (let sent = 0; sent < 100; sent++) client.send(wrong);
    await client.take(100);
    expect(await client.closed()).toEqual({ code: 4400, reason: 'too many invalid messages' });
  });

  it('is not met by messages that cannot be read, of which the tenth closes', async () => {
    await using server = await serve([PlainController]);
    await using other = await server.connect('/plain');
    await using client = await server.connect('/plain');
    for (let sent = 0; sent < 10; sent++) {
      client.send({ name: 'tea', count: sent });
      client.send('{"name":');
    }
    const frames = await client.take(20);
    expect(frames.filter(frame => frame === 'tea')).toHaveLength(10);
    expect(await client.closed()).toEqual({ code: 4400, reason: 'too many invalid messages' });
    other.send({ name: 'other', count: 1 });
    expect(await other.next()).toBe('other');
  });

  it('does not count what cannot be read, nor does closeAfterBadFrames what fails its check or an unknown event', async () => {
    await using server = await serve([EventsController], { websocket: { closeAfterBadFrames: 3 } });
    await using client = await server.connect('/events');
    for (let sent = 0; sent < 5; sent++) client.send({ event: 'newer', id: sent });
    expect(await client.take(5)).toMatchObject(
      [0, 1, 2, 3, 4].map(id => ({ id, error: { code: 'unknown_event' } })),
    );
    client.send('{"event":');
    client.send(new Uint8Array([1]));
    client.send({ event: 'order', data: wrong, id: 7 });
    expect(await client.take(3)).toMatchObject([{ event: 'exception' }, { event: 'exception' }, { id: 7 }]);
    client.send({ event: 'order', data: { name: 'tea', count: 1 }, id: 8 });
    expect(await client.next()).toEqual({ id: 8, data: 'tea' });
    client.send([]);
    expect(await client.next()).toMatchObject({ data: { code: 'bad_frame' } });
    expect(await client.closed()).toMatchObject({ code: 4400 });
  });

  it('of 0 never closes, and of a route wins over that of the application', async () => {
    @WebSocketRoute('/patient', { closeAfterInvalid: 0 })
    class PatientController {
      @OnMessage()
      take(order: Order) {
        return order.name;
      }
    }
    await using server = await serve([PatientController, PlainController], {
      websocket: { closeAfterInvalid: 1 },
    });
    await using patient = await server.connect('/patient');
    for (let sent = 0; sent < 40; sent++) patient.send(wrong);
    await patient.take(40);
    patient.send({ name: 'tea', count: 1 });
    expect(await patient.next()).toBe('tea');
    await using strict = await server.connect('/plain');
    strict.send(wrong);
    expect(await strict.next()).toEqual({ error: failed(COUNT) });
    expect(await strict.closed()).toMatchObject({ code: 4400 });
  });

  it('waits for what @OnError() says, and @OnClose() is told the code', async () => {
    const codes: number[] = [];
    const closed = Promise.withResolvers<void>();
    @WebSocketRoute('/told', { closeAfterInvalid: 2 })
    class ToldController {
      @OnMessage()
      take(order: Order) {
        return order.name;
      }

      @OnError()
      async explain() {
        await Promise.resolve();
        return 'mind the form';
      }

      @OnClose()
      close(code: number) {
        codes.push(code);
        closed.resolve();
      }
    }
    await using server = await serve([ToldController]);
    await using client = await server.connect('/told');
    client.send(wrong);
    client.send(wrong);
    client.send({ name: 'late', count: 1 });
    expect(await client.take(2)).toEqual(['mind the form', 'mind the form']);
    expect(await client.closed()).toMatchObject({ code: 4400 });
    await closed.promise;
    expect(codes).toEqual([4400]);
  });

  it('writes no line to the log', async () => {
    await using server = await serve([PlainController]);
    await using client = await server.connect('/plain');
    for (let sent = 0; sent < 100; sent++) client.send(wrong);
    await client.closed();
    expect(server.log.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('counts, and logs nothing, where interceptors are around the check', async () => {
    class Around implements NestInterceptor {
      async intercept(_context: ExecutionContext, next: CallHandler) {
        return await next.handle();
      }
    }
    @UseInterceptors(Around)
    @WebSocketRoute('/around', { closeAfterInvalid: 3 })
    class AroundController {
      @OnMessage()
      take(order: Order) {
        return order.name;
      }
    }
    await using server = await serve([AroundController]);
    await using client = await server.connect('/around');
    for (let sent = 0; sent < 3; sent++) client.send(wrong);
    expect(await client.take(3)).toEqual(Array(3).fill({ error: failed(COUNT) }));
    expect(await client.closed()).toMatchObject({ code: 4400 });
    expect(server.log.filter(({ level }) => level !== 'info')).toEqual([]);
  });
});
