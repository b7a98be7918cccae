import { Connection, OnClose, OnMessage, OnOpen, Param, Publisher, WebSocketRoute } from 'gatewire';
import { Test } from 'gatewire/testing';
import { describe, expect, it } from 'vitest';
import { serve } from '../../support/application.ts';
import { until } from '../../support/deadline.ts';

describe('pain 20: a shutdown hangs, says 1006 and loses asynchronous clean-up', () => {
  it('closes with 1001, awaits @OnClose, and ends in time although one never does', async () => {
    const saved: string[] = [];

    @WebSocketRoute('/:name')
    class SaveController {
      @OnMessage('any')
      any() {}

      @OnClose()
      async close(@Param('name') name: string) {
        if (name === 'stuck') await new Promise(() => {});
        await new Promise(resolve => setImmediate(resolve));
        saved.push(name);
      }
    }

    const running = await serve([SaveController]);
    const ada = await running.connect('/ada');
    const stuck = await running.connect('/stuck');
    await running.app.close({ timeout: 200 });
    expect(saved).toEqual(['ada']);
    expect((await ada.closed()).code).toBe(1001);
    expect((await stuck.closed()).code).toBe(1001);
  });
});

describe('pain 21: no reason of a disconnect', () => {
  it('gives @OnClose the code and the reason', async () => {
    const ends: unknown[] = [];

    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage('any')
      any() {}

      @OnClose()
      close(code: number, reason: string) {
        ends.push([code, reason]);
      }
    }

    await using running = await serve([ChatController]);
    const client = await running.connect('/chat');
    await client.close(4000, 'done for today');
    await until(() => ends.length > 0, '@OnClose runs');
    expect(ends).toEqual([[4000, 'done for today']]);
  });
});

describe('pain 18: testing gateways', () => {
  it('runs the whole pipeline for a client of the test kit', async () => {
    @WebSocketRoute('/rooms/:room')
    class RoomController {
      @OnMessage('where')
      where(@Param('room') room: string) {
        return room;
      }
    }

    await using app = await Test.createTestingModule({ controllers: [RoomController] }).compile();
    await using client = await app.connect('/rooms/blue');
    expect(await client.request('where')).toBe('blue');
  });
});

describe('pain 25: rooms and publishing only with socket.io', () => {
  it('publishes to a topic by Bun, to those who subscribed and to nobody else', async () => {
    @WebSocketRoute('/rooms/:room')
    class RoomController {
      constructor(private readonly publisher: Publisher) {}

      @OnOpen()
      open(connection: Connection, @Param('room') room: string) {
        connection.subscribe(room);
        return 'ready';
      }

      @OnMessage('say')
      say(connection: Connection, @Param('room') room: string) {
        connection.to(room).emit('said', room);
        this.publisher.to(room).emit('all', room);
      }
    }

    await using running = await serve([RoomController]);
    await using ada = await running.connect('/rooms/blue');
    await using bob = await running.connect('/rooms/blue');
    await using eve = await running.connect('/rooms/red');
    for (const client of [ada, bob, eve]) await client.next();
    ada.send({ event: 'say' });
    expect(await bob.take(2)).toEqual([
      { event: 'said', data: 'blue' },
      { event: 'all', data: 'blue' },
    ]);
    expect(await ada.next()).toEqual({ event: 'all', data: 'blue' });
    eve.send({ event: 'say' });
    expect(await eve.next()).toEqual({ event: 'all', data: 'red' });
  });
});
