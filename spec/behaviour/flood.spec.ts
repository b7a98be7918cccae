import {
  Connection,
  OnAuth,
  OnError,
  OnMessage,
  OnOpen,
  ParseMessage,
  type RateLimiter,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import type { Client } from '../support/client.ts';
import { Stage } from '../support/stage.ts';

const RATE_LIMITED = { code: 'rate_limited', message: 'Too many messages', retryAfterMs: 1000 };

/** The first frame that says `rate_limited`. */
async function refusalOf(client: Client): Promise<unknown> {
  for (;;) {
    const told = await client.next();
    if (JSON.stringify(told).includes('rate_limited')) return told;
  }
}

describe('a flood', () => {
  it('has @OnError run once a second, however many messages are answered', async () => {
    const stage = new Stage();
    @WebSocketRoute('/flooded', { rateLimit: { rate: 1, burst: 1 } })
    class FloodedController {
      @OnMessage('say')
      say() {}

      @OnError()
      error() {
        return stage.run(`report ${stage.events.length}`).then(() => undefined);
      }
    }
    await using server = await serve([FloodedController]);
    await using client = await server.connect('/flooded');
    for (let id = 1; id <= 200; id++) client.send({ event: 'say', id });
    const replies = (await client.take(198)) as { readonly error?: unknown }[];
    // A second may begin meanwhile.
    expect(replies.filter(({ error }) => error !== undefined).length).toBeGreaterThanOrEqual(196);
    expect(replies.at(-1)).toMatchObject({ error: RATE_LIMITED });
    expect(stage.events.length).toBeLessThanOrEqual(2);
  });

  it('of frames that a @ParseMessage fails at counts against the limit when they are read at once', async () => {
    @WebSocketRoute('/parsed', { rateLimit: { rate: 1, burst: 5 } })
    class ParsedController {
      @OnAuth()
      auth() {
        return true;
      }

      @ParseMessage()
      async parse(text: string) {
        return JSON.parse(text);
      }
    }
    await using server = await serve([ParsedController]);
    await using client = await server.connect('/parsed');
    for (let at = 0; at < 10; at++) client.send('{');
    expect(await refusalOf(client)).toEqual({
      event: 'exception',
      data: { status: 'error', ...RATE_LIMITED },
    });
  });

  it('of $auth frames counts against the limit where a limiter of the user’s own counts the messages', async () => {
    let judged = 0;
    const limiter: RateLimiter = { take: () => true };
    @WebSocketRoute('/auth', { rateLimit: { rate: 1, burst: 5, limiter } })
    class AuthController {
      @OnAuth()
      auth() {
        judged++;
        return false;
      }

      @OnMessage('say')
      say() {
        return 'said';
      }
    }
    await using server = await serve([AuthController]);
    await using client = await server.connect('/auth');
    for (let id = 1; id <= 50; id++) client.send({ event: '$auth', data: 'guess', id });
    const replies = (await client.take(50)) as { readonly error: { readonly code: string } }[];
    expect(replies.filter(({ error }) => error.code === 'rate_limited').length).toBeGreaterThanOrEqual(43);
    expect(judged).toBeLessThanOrEqual(7);
    expect(await client.request('say', null, 51)).toEqual({ id: 51, data: 'said' });
  });

  it('of cancels of one message counts against the limit', async () => {
    const stage = new Stage();
    @WebSocketRoute('/cancelled', { rateLimit: { rate: 1, burst: 3 } })
    class CancelledController {
      @OnMessage('work')
      work() {
        return stage.run('work');
      }
    }
    await using server = await serve([CancelledController]);
    await using client = await server.connect('/cancelled');
    client.send({ event: 'work', id: 1 });
    for (let at = 0; at < 10; at++) client.send({ id: 1, cancel: true });
    expect(await refusalOf(client)).toEqual({
      event: 'exception',
      data: { status: 'error', ...RATE_LIMITED },
    });
    stage.finish('work');
  });
});

describe('a reply that cannot be looked at', () => {
  it('is the failure of the @ParseMessage that gave it', async () => {
    @WebSocketRoute('/odd')
    class OddController {
      @OnOpen()
      open(connection: Connection) {
        connection.request('question').catch(() => {});
      }

      @ParseMessage()
      parse() {
        const reply = {
          get secret() {
            throw new Error('a getter that throws');
          },
        };
        return { id: 1, data: reply };
      }

      @OnMessage('say')
      say() {}
    }
    await using server = await serve([OddController]);
    await using client = await server.connect('/odd');
    expect(await client.next()).toMatchObject({ event: 'question' });
    client.send('reply');
    expect(await client.next()).toMatchObject({ event: 'exception', data: { code: 'internal' } });
    expect(server.log.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'error OddController.parse() failed',
    ]);
  });
});
