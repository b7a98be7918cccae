import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  MessageBody,
  OnAuth,
  OnClose,
  OnMessage,
  type RateLimiter,
  Returns,
  Scope,
  UseInterceptors,
  UsePipes,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';

const never = new Promise<never>(() => {});
const NEVER_JUDGES = { '~standard': { version: 1, vendor: 'spec', validate: () => never } } as const;
const TIMEOUT = { code: 'timeout', message: 'The server took too long' };

// Side by side: each of them takes a handlerTimeout.
describe.concurrent('what never ends', () => {
  it('holds a queue no longer than handlerTimeout: a limiter, which then lets the message in', async () => {
    const limiter: RateLimiter = { take: () => never };
    @WebSocketRoute('/limited', { handlerTimeout: 1, rateLimit: { rate: 1, limiter } })
    class LimitedController {
      @OnMessage('say')
      say() {
        return 'said';
      }
    }
    await using server = await serve([LimitedController]);
    await using client = await server.connect('/limited');
    client.send({ event: 'say', id: 1 });
    expect(await client.next(10_000)).toEqual({ id: 1, data: 'said' });
    expect(server.log.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'error the limiter of LimitedController failed',
    ]);
  });

  it('holds a queue no longer than handlerTimeout: the check of a result', async () => {
    @WebSocketRoute('/checked', { handlerTimeout: 1 })
    class CheckedController {
      @OnMessage('say')
      @Returns(NEVER_JUDGES)
      say() {
        return 'said';
      }

      @OnMessage('next')
      next() {
        return 'next';
      }
    }
    await using server = await serve([CheckedController]);
    await using client = await server.connect('/checked');
    client.send({ event: 'say', id: 1 });
    client.send({ event: 'next', id: 2 });
    expect(await client.next(10_000)).toEqual({ id: 1, error: TIMEOUT });
    expect(await client.next()).toEqual({ id: 2, data: 'next' });
  });

  it.each([
    ['an interceptor', 'intercepted'],
    ['a pipe', 'piped'],
  ])('has no handler begin after its message was answered: %s', async (_name, event) => {
    const late = Promise.withResolvers<void>();
    const begun: string[] = [];
    @WebSocketRoute('/late', { handlerTimeout: 1 })
    class LateController {
      @OnMessage('intercepted')
      @UseInterceptors({
        async intercept(_context: ExecutionContext, next: CallHandler) {
          await late.promise;
          return next.handle();
        },
      })
      intercepted() {
        begun.push('intercepted');
      }

      @OnMessage('piped')
      @UsePipes({ transform: (value: unknown) => late.promise.then(() => value) })
      piped(_text: string) {
        begun.push('piped');
      }

      @OnMessage('next')
      next() {
        return begun;
      }
    }
    await using server = await serve([LateController]);
    await using client = await server.connect('/late');
    client.send({ event, data: 'late', id: 1 });
    expect(await client.next(10_000)).toEqual({ id: 1, error: TIMEOUT });
    late.resolve();
    expect(await client.request('next', null, 2)).toEqual({ id: 2, data: [] });
  });

  it('keeps no connection: the check of a $auth', async () => {
    const closed: number[] = [];
    @WebSocketRoute('/auth', { handlerTimeout: 1 })
    class AuthController {
      @OnAuth()
      auth(@MessageBody(NEVER_JUDGES) _ticket: unknown) {
        return true;
      }

      @OnClose()
      close(code: number) {
        closed.push(code);
      }
    }
    await using server = await serve([AuthController]);
    const client = await server.connect('/auth');
    client.send({ event: '$auth', data: 'ticket', id: 1 });
    expect(await client.next(10_000)).toEqual({ id: 1, error: TIMEOUT });
    client.send({ event: '$auth', data: 'ticket' });
    await client.close(1000);
    await until(() => closed.length === 1, '@OnClose', 10_000);
  });

  it('keeps no connection: what its scope disposes', async () => {
    @Injectable({ scope: Scope.CONNECTION })
    class Lease {
      async [Symbol.asyncDispose]() {
        await never;
      }
    }
    @Injectable({ scope: Scope.CONNECTION })
    @WebSocketRoute('/scoped', { handlerTimeout: 1 })
    class ScopedController {
      constructor(readonly lease: Lease) {}
    }
    const limits = { maxConnections: 1 };
    await using server = await serve({ controllers: [ScopedController], providers: [Lease] }, { limits });
    const client = await server.connect('/scoped');
    await client.close();
    await until(() => server.log.length > 0, 'the end of the clean-up', 10_000);
    expect(server.log[0]?.message).toBe('the clean-up of ScopedController failed');
    await using next = await server.connect('/scoped');
    expect(next.socket.readyState).toBe(WebSocket.OPEN);
  });
});
