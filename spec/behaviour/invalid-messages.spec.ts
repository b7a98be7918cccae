import { IsInt, IsString } from 'class-validator';
import { OnMessage, WebSocketRoute } from 'gatewire';
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
