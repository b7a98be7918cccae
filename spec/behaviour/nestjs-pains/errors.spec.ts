import { IsString, MinLength } from 'class-validator';
import {
  BadRequestException,
  MessageBody,
  OnClose,
  OnMessage,
  OnOpen,
  Query,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../../support/application.ts';
import { until } from '../../support/deadline.ts';

class SayDto {
  @IsString()
  @MinLength(2)
  text!: string;
}

@WebSocketRoute('/chat')
class ChatController {
  @OnMessage('say')
  say(@MessageBody() { text }: SayDto) {
    return text;
  }

  @OnMessage('refuse')
  refuse() {
    throw new WsException('no seat is left', 'no_seat');
  }

  @OnMessage('bad')
  bad() {
    throw new BadRequestException('not like this');
  }

  @OnMessage('break')
  async break() {
    throw new Error('the password is hunter2');
  }

  @OnMessage('nothing')
  nothing() {}
}

describe('pain 2: a throw in handleConnection or handleDisconnect ends the process', () => {
  @WebSocketRoute('/fragile')
  class FragileController {
    @OnOpen()
    async open(@Query('fails') fails: string | undefined) {
      if (fails === 'open') throw new Error('open is broken');
    }

    @OnClose()
    async close() {
      throw new Error('close is broken');
    }

    @OnMessage('ping')
    ping() {
      return 'pong';
    }
  }

  it('is caught: the client is told and closed with 1011, the log has a line, and others are served', async () => {
    await using running = await serve([FragileController]);
    await using broken = await running.connect('/fragile?fails=open');
    expect(await broken.next()).toMatchObject({ event: 'exception', data: { code: 'internal' } });
    expect((await broken.closed()).code).toBe(1011);
    await using whole = await running.connect('/fragile');
    expect(await whole.request('ping', null, 1)).toEqual({ id: 1, data: 'pong' });
    await whole.close();
    const messages = () => running.log.map(({ message }) => message);
    await until(() => messages().length === 3, 'each failure is logged');
    expect(messages().sort()).toEqual([
      'FragileController.close() failed',
      'FragileController.close() failed',
      'FragileController.open() failed',
    ]);
  });
});

describe('pain 4: a DTO that fails is "Internal server error"', () => {
  it('says which property and why, without an exceptionFactory', async () => {
    await using running = await serve([ChatController]);
    await using client = await running.connect('/chat');
    client.send({ event: 'say', data: { text: 7 } });
    expect(await client.next()).toMatchObject({
      event: 'exception',
      data: {
        status: 'error',
        code: 'validation_failed',
        issues: [
          { path: 'text', rule: 'minLength' },
          { path: 'text', rule: 'isString' },
        ],
      },
    });
  });

  it('says what an HttpException says', async () => {
    await using running = await serve([ChatController]);
    await using client = await running.connect('/chat');
    client.send({ event: 'bad' });
    expect(await client.next()).toEqual({
      event: 'exception',
      data: { status: 'error', code: 'bad_request', message: 'not like this' },
    });
  });
});

describe('pain 7: a WsException is swallowed', () => {
  it('is always answered', async () => {
    await using running = await serve([ChatController]);
    await using client = await running.connect('/chat');
    client.send({ event: 'refuse' });
    expect(await client.next()).toEqual({
      event: 'exception',
      data: { status: 'error', code: 'no_seat', message: 'no seat is left' },
    });
  });
});

describe('pain 8: which of my messages failed?', () => {
  it('answers each by its id, and echoes nothing of what was sent', async () => {
    await using running = await serve([ChatController]);
    await using client = await running.connect('/chat');
    client.send({ event: 'say', data: { text: 's' }, id: 1 });
    client.send({ event: 'break', data: { password: 'hunter2' }, id: 'two' });
    client.send({ event: 'say', data: { text: 'hello' }, id: 3 });
    const frames = await client.take(3);
    expect(frames).toMatchObject([
      { id: 1, error: { code: 'validation_failed' } },
      { id: 'two', error: { code: 'internal', message: 'Internal server error' } },
      { id: 3, data: 'hello' },
    ]);
    expect(JSON.stringify(frames)).not.toContain('hunter2');
  });
});

describe('pain 9: the acknowledgement never comes', () => {
  it('gives exactly one reply to each id: for a value, nothing, an exception and an error', async () => {
    await using running = await serve([ChatController]);
    await using client = await running.connect('/chat');
    const events = ['say', 'nothing', 'refuse', 'bad', 'break', 'unknown'];
    for (const [id, event] of events.entries()) client.send({ event, data: { text: 'hello' }, id });
    expect(await client.take(events.length)).toMatchObject([
      { id: 0, data: 'hello' },
      { id: 1, data: null },
      { id: 2, error: { code: 'no_seat' } },
      { id: 3, error: { code: 'bad_request' } },
      { id: 4, error: { code: 'internal' } },
      { id: 5, error: { code: 'unknown_event' } },
    ]);
    await client.close();
    expect(client.untaken).toEqual([]);
  });
});
