import {
  type CallHandler,
  type CanActivate,
  Connection,
  type ExecutionContext,
  type GuardResult,
  MessageBody,
  type NestInterceptor,
  OnClose,
  OnMessage,
  OnOpen,
  OnPing,
  ParseMessage,
  type PipeTransform,
  type RateLimiter,
  TransformMessage,
  UseGuards,
  UseInterceptors,
  UsePipes,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';
import { rawUpgrade } from '../support/raw.ts';
import { Stage } from '../support/stage.ts';

const PLACES = ['limiter', 'parse', 'transform', 'guard', 'interceptor', 'check', 'pipe'] as const;

/** A controller whose messages are held in one place on the way to their handler, until the stage says so. */
function heldAt(place: (typeof PLACES)[number], stage: Stage, session: () => GuardResult) {
  const after = <Value>(here: string, value: Value) =>
    here === place ? stage.run(here).then(() => value) : value;
  const limiter: RateLimiter = { take: () => after('limiter', true) };
  const guard: CanActivate = {
    canActivate: (context: ExecutionContext) =>
      context.getPhase() === 'upgrade' ? session() : after('guard', true),
  };
  const interceptor: NestInterceptor = {
    async intercept(context: ExecutionContext, next: CallHandler) {
      if (context.getPhase() === 'message') await after('interceptor', null);
      return next.handle();
    },
  };
  const pipe: PipeTransform = { transform: value => after('pipe', value) };
  const schema = {
    '~standard': {
      version: 1,
      vendor: 'spec',
      validate: (value: unknown) => after('check', { value }),
    },
  } as const;

  @WebSocketRoute('/held', { rateLimit: { rate: 50, limiter } })
  @UseGuards(guard)
  class HeldController {
    @ParseMessage()
    parse() {
      return after('parse', undefined);
    }

    @TransformMessage('say')
    transform() {
      return after('transform', undefined);
    }

    @OnMessage('say')
    @UsePipes(pipe)
    say(@MessageBody(schema) text: unknown) {
      stage.events.push(`said ${text}`);
    }

    @OnClose()
    close(code: number) {
      stage.events.push(`closed ${code}`);
    }
  }
  if (place === 'interceptor') UseInterceptors(interceptor)(HeldController);
  return HeldController;
}

describe('a message that is on its way to its handler', () => {
  it.each(PLACES)('is not handled where its connection is closed meanwhile: at its %s', async place => {
    const stage = new Stage();
    await using server = await serve([heldAt(place, stage, () => ({ user: { id: 7 } }))]);
    const client = await server.connect('/held');
    client.send({ event: 'say', data: 'hi' });
    await stage.reached(`start ${place}`);
    expect(server.app.disconnectUser(7)).toBe(1);
    stage.finish(place);
    await stage.reached('closed 4401');
    expect(stage.events).toEqual([`start ${place}`, `end ${place}`, 'closed 4401']);
    expect(server.log.filter(({ level }) => level !== 'debug')).toEqual([]);
  });

  it.each(PLACES)('is not handled where its session ends meanwhile: at its %s', async place => {
    const stage = new Stage();
    const expiresAt = Date.now() + 300;
    await using server = await serve([heldAt(place, stage, () => ({ user: { id: 7 }, expiresAt }))]);
    const client = await server.connect('/held');
    client.send({ event: 'say', data: 'hi' });
    await stage.reached(`start ${place}`);
    await until(() => Date.now() > expiresAt, 'the end');
    stage.finish(place);
    await stage.reached('closed 4401');
    expect(stage.events).toEqual([`start ${place}`, `end ${place}`, 'closed 4401']);
  });

  it.each(PLACES)('is handled where its client leaves meanwhile: at its %s', async place => {
    const stage = new Stage();
    await using server = await serve([heldAt(place, stage, () => ({ user: { id: 7 } }))]);
    const client = await server.connect('/held');
    client.send({ event: 'say', data: 'hi' });
    await stage.reached(`start ${place}`);
    await client.close(1000);
    stage.finish(place);
    await stage.reached('closed 1000');
    expect(stage.events).toEqual([`start ${place}`, `end ${place}`, 'said hi', 'closed 1000']);
  });
});

describe('frames that are read out of their turn', () => {
  it('are not handled once the connection is closed', async () => {
    const stage = new Stage();
    @WebSocketRoute('/read')
    class ReadController {
      @ParseMessage()
      async parse(frame: string) {
        await stage.run(`parse ${frame}`);
        return { event: frame };
      }

      @OnMessage('ask')
      ask(connection: Connection) {
        connection.request('question').catch(() => {});
        stage.events.push('asked');
      }

      @OnMessage('say')
      say() {
        stage.events.push('said');
      }

      @OnMessage('bye')
      bye(connection: Connection) {
        connection.close(4001);
      }

      @OnPing()
      ping() {
        stage.events.push('ping');
      }

      @OnClose()
      close() {
        stage.events.push('closed');
      }
    }
    await using server = await serve([ReadController]);
    const client = await server.connect('/read');
    stage.finish('parse ask', 'parse say');
    client.send('ask');
    await stage.reached('asked');
    // While a reply is due frames are read when they arrive, not in their turn.
    for (const frame of ['bye', 'say', 'say']) client.send(frame);
    client.socket.ping();
    await stage.reached('ping');
    stage.finish('parse bye');
    await stage.reached('closed');
    expect(stage.events).not.toContain('said');
  });
});

describe('an upgrade', () => {
  it('is refused with 401 where its session ends before it does', async () => {
    const stage = new Stage();
    const expiresAt = Date.now() + 100;
    @WebSocketRoute('/late')
    @UseGuards(
      { canActivate: () => ({ user: { id: 7 }, expiresAt }) },
      { canActivate: () => stage.run('look-up').then(Boolean) },
    )
    class LateController {
      @OnOpen()
      open() {
        stage.events.push('open');
      }
    }
    await using server = await serve([LateController]);
    const answer = rawUpgrade(`${server.url}/late`);
    await stage.reached('start look-up');
    await until(() => Date.now() > expiresAt, 'the end');
    stage.finish('look-up');
    expect((await answer).json()).toEqual({
      statusCode: 401,
      code: 'unauthenticated',
      message: 'The session has expired',
    });
    expect(stage.events).not.toContain('open');
  });
});
