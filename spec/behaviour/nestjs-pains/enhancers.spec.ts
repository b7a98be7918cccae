import {
  APP_FILTER,
  APP_GUARD,
  APP_INTERCEPTOR,
  APP_PIPE,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Connection,
  EventContext,
  type ExceptionFilter,
  type ExecutionContext,
  Injectable,
  MessageBody,
  type NestInterceptor,
  OnMessage,
  OnOpen,
  Param,
  type PipeTransform,
  Publisher,
  UnauthorizedException,
  UseGuards,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../../support/application.ts';
import { rawUpgrade } from '../../support/raw.ts';

@Injectable()
class Tokens {
  isKnown(token: string | undefined): boolean {
    return token === 'Bearer let-me-in';
  }
}

/** As it is written for HTTP. */
@Injectable()
class AuthGuard implements CanActivate {
  constructor(private readonly tokens: Tokens) {}

  canActivate(context: ExecutionContext) {
    const { headers } = context.switchToHttp().getRequest();
    if (!this.tokens.isKnown(headers.authorization)) throw new UnauthorizedException('bring a token');
    return true;
  }
}

const LET_IN = { headers: { Authorization: 'Bearer let-me-in' } };

describe('pain 1: no guard at the connect, so strangers stay and hear what is broadcast', () => {
  it('asks the guard before the 101: a stranger gets 401, and never hears a thing', async () => {
    const opened: string[] = [];

    @WebSocketRoute('/news')
    @UseGuards(AuthGuard)
    class NewsController {
      constructor(private readonly publisher: Publisher) {}

      @OnOpen()
      open(connection: Connection) {
        opened.push(connection.id);
        connection.subscribe('news');
        this.publisher.to('news').emit('news', opened.length);
      }

      @OnMessage('read')
      read() {
        return 'all of it';
      }
    }

    await using running = await serve({ controllers: [NewsController], providers: [Tokens] });
    const refused = await rawUpgrade(`${running.url}/news`);
    expect(refused.json()).toEqual({ statusCode: 401, code: 'unauthenticated', message: 'bring a token' });
    await using client = await running.connect('/news', LET_IN);
    expect(await client.next()).toEqual({ event: 'news', data: 1 });
    expect(opened).toHaveLength(1);
    expect(await client.request('read', null, 1)).toEqual({ id: 1, data: 'all of it' });
  });
});

describe('pain 5: global pipes, guards and interceptors are ignored, or break every message', () => {
  const seen: string[] = [];

  @Injectable()
  class TrimPipe implements PipeTransform {
    transform(value: unknown) {
      return typeof value === 'string' ? value.trim() : value;
    }
  }

  @Injectable()
  class NotingInterceptor implements NestInterceptor {
    intercept(context: ExecutionContext, next: CallHandler) {
      seen.push(`${context.getType()} ${context.getPhase()}`);
      return next.handle();
    }
  }

  @WebSocketRoute('/echo/:room')
  class EchoController {
    @OnMessage('say')
    say(@MessageBody() text: string, @Param('room') room: string) {
      return `${room}: ${text}`;
    }
  }

  it('are on for sockets, as providers, with what they inject; a guard written for HTTP reads its request', async () => {
    await using running = await serve({
      controllers: [EchoController],
      providers: [
        Tokens,
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_PIPE, useClass: TrimPipe },
        { provide: APP_INTERCEPTOR, useClass: NotingInterceptor },
      ],
    });
    expect((await rawUpgrade(`${running.url}/echo/blue`)).status).toBe(401);
    await using client = await running.connect('/echo/blue', LET_IN);
    expect(await client.request('say', ' hello ', 1)).toEqual({ id: 1, data: 'blue: hello' });
    expect(seen).toContain('ws message');
  });
});

describe('pain 6: global filters are ignored', () => {
  class SeatTaken extends Error {}

  @Injectable()
  @Catch(SeatTaken)
  class SeatTakenFilter implements ExceptionFilter<SeatTaken> {
    async catch(_exception: SeatTaken, host: ArgumentsHost) {
      await Promise.resolve();
      return { code: 'seat_taken', event: host.switchToWs().getPattern() };
    }
  }

  @WebSocketRoute('/seats')
  class SeatsController {
    @OnMessage('take')
    take() {
      throw new SeatTaken();
    }
  }

  it('catch what no nearer filter does, and an asynchronous one is awaited', async () => {
    await using running = await serve({
      controllers: [SeatsController],
      providers: [{ provide: APP_FILTER, useClass: SeatTakenFilter }],
    });
    await using client = await running.connect('/seats');
    client.send({ event: 'take' });
    expect(await client.next()).toEqual({ event: 'exception', data: { code: 'seat_taken', event: 'take' } });
  });
});

describe('pain 23: no context of the event in a service', () => {
  it('is one for each event, and follows what a handler awaits', async () => {
    @Injectable()
    class AuditService {
      constructor(private readonly context: EventContext) {}

      async who() {
        await new Promise(resolve => setImmediate(resolve));
        const { connection, event } = this.context;
        return { name: connection?.data.name, event };
      }
    }

    @WebSocketRoute('/audit/:name')
    class AuditController {
      constructor(private readonly audit: AuditService) {}

      @OnOpen()
      open(connection: Connection, @Param('name') name: string) {
        connection.data.name = name;
      }

      @OnMessage('one')
      one() {
        return this.audit.who();
      }

      @OnMessage('two')
      two() {
        return this.audit.who();
      }
    }

    await using running = await serve({ controllers: [AuditController], providers: [AuditService] });
    await using ada = await running.connect('/audit/ada');
    await using bob = await running.connect('/audit/bob');
    ada.send({ event: 'one', id: 1 });
    bob.send({ event: 'two', id: 1 });
    ada.send({ event: 'two', id: 2 });
    expect(await ada.take(2)).toEqual([
      { id: 1, data: { name: 'ada', event: 'one' } },
      { id: 2, data: { name: 'ada', event: 'two' } },
    ]);
    expect(await bob.next()).toEqual({ id: 1, data: { name: 'bob', event: 'two' } });
  });
});
