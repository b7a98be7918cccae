import { IsString } from 'class-validator';
import {
  APP_INTERCEPTOR,
  BeforeHandle,
  type CallHandler,
  Catch,
  Connection,
  EventContext,
  type ExceptionFilter,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  MessageBody,
  Module,
  type NestInterceptor,
  OnClose,
  OnMessage,
  OnOpen,
  OnPing,
  Param,
  ParseMessage,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  WebSocketRoute,
} from 'gatewire';
import {
  catchError,
  delay,
  endWith,
  finalize,
  from,
  interval,
  lastValueFrom,
  map,
  mergeMap,
  NEVER,
  type Observable,
  of,
  shareReplay,
  startWith,
  switchMap,
  take,
  takeUntil,
  tap,
  throwError,
  timeout,
  toArray,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';

const order: string[] = [];

/** Notes when it is entered and left, and in which phase. */
class NotingInterceptor implements NestInterceptor {
  constructor(private readonly name: string) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    order.push(`${this.name} > ${context.getPhase()}`);
    const result = await next.handle();
    order.push(`${this.name} < ${String(result)}`);
    return result;
  }
}

describe('interceptors', () => {
  it('run around @BeforeHandle, @OnOpen, each message and @OnClose', async () => {
    order.length = 0;
    const closed = Promise.withResolvers<void>();
    @WebSocketRoute('/around')
    @UseInterceptors(new NotingInterceptor('I'))
    class AroundController {
      @BeforeHandle()
      before() {
        order.push('before');
      }

      @OnOpen()
      open() {
        order.push('open');
        return 'opened';
      }

      @OnMessage()
      message(text: string) {
        order.push('message');
        return text;
      }

      @OnClose()
      close() {
        order.push('close');
        queueMicrotask(() => queueMicrotask(() => closed.resolve()));
      }
    }
    await using running = await serve([AroundController]);
    const client = await running.connect('/around');
    expect(await client.next()).toBe('opened');
    client.send('hi');
    expect(await client.next()).toBe('hi');
    await client.close();
    await closed.promise;
    await running.app.close();
    expect(order).toEqual([
      ...['I > upgrade', 'before', 'I < undefined'],
      ...['I > open', 'open', 'I < opened'],
      ...['I > message', 'message', 'I < hi'],
      ...['I > close', 'close', 'I < undefined'],
    ]);
  });

  it('nest from the application over module and class to the method, before and after', async () => {
    order.length = 0;
    @WebSocketRoute('/nested')
    @UseInterceptors(new NotingInterceptor('class'))
    class NestedController {
      @UseInterceptors(new NotingInterceptor('method'))
      @OnMessage()
      message(text: string) {
        return text;
      }
    }
    @UseInterceptors(new NotingInterceptor('module'))
    @Module({
      controllers: [NestedController],
      providers: [{ provide: APP_INTERCEPTOR, useValue: new NotingInterceptor('APP') }],
    })
    class NestedModule {}
    await using running = await serve({ imports: [NestedModule] }, {}, app =>
      app.useGlobalInterceptors(new NotingInterceptor('global')),
    );
    await using client = await running.connect('/nested');
    client.send('x');
    expect(await client.next()).toBe('x');
    const names = ['APP', 'global', 'module', 'class', 'method'];
    expect(order).toEqual([
      ...names.map(name => `${name} > message`),
      ...names.toReversed().map(name => `${name} < x`),
    ]);
  });

  it('run after the guards', async () => {
    order.length = 0;
    @WebSocketRoute('/after')
    class AfterController {
      @UseGuards({ canActivate: () => order.push('guard') > 0 })
      @UseInterceptors(new NotingInterceptor('I'))
      @OnMessage('go')
      go() {
        return 'gone';
      }
    }
    await using running = await serve([AfterController]);
    await using client = await running.connect('/after');
    await client.request('go', null, 1);
    expect(order[0]).toBe('guard');
    expect(order).toHaveLength(3);
  });

  it('are a mistake where they would have no effect', async () => {
    @WebSocketRoute('/ping')
    class PingController {
      @UseInterceptors(new NotingInterceptor('I'))
      @OnPing()
      ping() {}
    }
    expect(await mistakesOf([PingController])).toBe(
      'PingController.ping(): @UseInterceptors() has no effect around @OnPing(). Interceptors run around @BeforeHandle(), @OnOpen(), @OnMessage(), @OnClose() [GATEWIRE_MISPLACED_DECORATOR]',
    );
  });
});

class Say {
  @IsString()
  text!: string;
}

/** A route whose one event is intercepted by a function. */
function intercepting(
  intercept: NestInterceptor['intercept'],
  handle: (say: Say) => unknown = ({ text }) => text,
) {
  @WebSocketRoute('/one')
  class OneController {
    @UseInterceptors({ intercept })
    @OnMessage('say')
    say(@MessageBody() say: Say) {
      return handle(say);
    }
  }
  return serve([OneController]);
}

describe('what an interceptor does', () => {
  it('changes what is sent', async () => {
    await using running = await intercepting(async (_context, next) => ({ wrapped: await next.handle() }));
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: { wrapped: 'hi' } });
  });

  it('answers by itself, and the handler does not run', async () => {
    let isHandled = false;
    await using running = await intercepting(
      () => 'cached',
      () => {
        isHandled = true;
      },
    );
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: 'cached' });
    expect(isHandled).toBe(false);
  });

  it('catches what the handler throws', async () => {
    await using running = await intercepting(
      (_context, next) => next.handle().catch((error: Error) => `caught ${error.message}`),
      () => {
        throw new Error('it');
      },
    );
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: 'caught it' });
    expect(running.log).toEqual([]);
  });

  it('sees a failed check as a rejection, which goes on to the client by default', async () => {
    const seen: unknown[] = [];
    await using running = await intercepting((_context, next) => {
      const result = next.handle();
      result.catch(error => seen.push(error.code));
      return result;
    });
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 1 }, 1)).toEqual({
      id: 1,
      error: {
        code: 'validation_failed',
        message: 'Validation failed',
        issues: [{ path: 'text', rule: 'isString', message: 'text must be a string' }],
      },
    });
    expect(seen).toEqual(['validation_failed']);
  });

  it('fails the message when it throws, with its code', async () => {
    await using running = await intercepting(() => {
      throw new ForbiddenException('not today');
    });
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({
      id: 1,
      error: { code: 'forbidden', message: 'not today' },
    });
  });

  it('reads the message and its event', async () => {
    await using running = await intercepting((context, next) => {
      const ws = context.switchToWs();
      return next
        .handle()
        .then(said => [said, ws.getData(), ws.getPattern(), ws.getClient() instanceof Connection]);
    });
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({
      id: 1,
      data: ['hi', { text: 'hi' }, 'say', true],
    });
  });

  it('wraps a stream item by item', async () => {
    await using running = await intercepting(
      async (_context, next) => {
        const items = (await next.handle()) as AsyncIterable<number>;
        return (async function* () {
          for await (const item of items) yield item * 10;
        })();
      },
      async function* () {
        yield 1;
        yield 2;
      },
    );
    await using client = await running.connect('/one');
    client.send({ event: 'say', data: { text: '' }, id: 1 });
    expect(await client.take(3)).toEqual([
      { id: 1, next: 10 },
      { id: 1, next: 20 },
      { id: 1, done: true },
    ]);
  });
});

describe('RxJS', () => {
  it('makes one reply of an interceptor that maps a value', async () => {
    await using running = await intercepting((_context, next) =>
      from(next.handle()).pipe(map(text => `mapped ${text}`)),
    );
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: 'mapped hi' });
  });

  it.each([
    ['map', map((text: string) => `${text}!`), 'hi!'],
    ['tap', tap(() => {}), 'hi'],
    ['mergeMap', mergeMap((text: string) => Promise.resolve([text])), ['hi']],
    ['startWith', startWith('before'), 'hi'],
    ['endWith', endWith('after'), 'after'],
    ['timeout', timeout(1000), 'hi'],
    ['finalize', finalize(() => {}), 'hi'],
    ['delay', delay(1), 'hi'],
    ['toArray', toArray(), ['hi']],
    ['takeUntil', takeUntil(NEVER), 'hi'],
    ['shareReplay', shareReplay(), 'hi'],
    ['switchMap to an Observable', switchMap((text: string) => of(text, `${text} last`)), 'hi last'],
  ])('applies %s to next.handle() itself, as in NestJS', async (_name, operator, expected) => {
    await using running = await intercepting((_context, next) => next.handle().pipe(operator));
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: expected });
  });

  it('chains operators on next.handle(), which catch what the handler throws', async () => {
    const finalized: string[] = [];
    await using running = await intercepting(
      (_context, next) =>
        next.handle().pipe(
          map(text => text),
          catchError((error: Error) => of(`caught ${error.message}`)),
          finalize(() => finalized.push('finalized')),
          map(text => `${text}!`),
        ),
      () => {
        throw new Error('it');
      },
    );
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: 'caught it!' });
    expect(finalized).toEqual(['finalized']);
  });

  it('sees a stream item by item in next.handle().pipe()', async () => {
    await using running = await intercepting(
      (_context, next) => next.handle().pipe(map((item: number) => item * 10)),
      async function* () {
        yield 1;
        yield 2;
      },
    );
    await using client = await running.connect('/one');
    client.send({ event: 'say', data: { text: '' }, id: 1 });
    expect(await client.take(3)).toEqual([
      { id: 1, next: 10 },
      { id: 1, next: 20 },
      { id: 1, done: true },
    ]);
  });

  it('lets the generator of a stream clean up when the operators leave it', async () => {
    const cleaned = Promise.withResolvers<void>();
    await using running = await intercepting(
      (_context, next) => next.handle().pipe(take(1)),
      async function* () {
        try {
          yield 1;
          yield 2;
        } finally {
          cleaned.resolve();
        }
      },
    );
    await using client = await running.connect('/one');
    client.send({ event: 'say', data: { text: '' }, id: 1 });
    expect(await client.take(2)).toEqual([
      { id: 1, next: 1 },
      { id: 1, done: true },
    ]);
    await cleaned.promise;
  });

  it('may leave next.handle() alone, whatever becomes of it', async () => {
    await using running = await intercepting(
      (_context, next) => {
        next.handle();
        return 'mine';
      },
      async () => {
        throw new Error('unseen');
      },
    );
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: 'mine' });
    expect(await client.request('say', { text: 'hi' }, 2)).toEqual({ id: 2, data: 'mine' });
  });

  it('fails the message with what an Observable of an interceptor fails with', async () => {
    await using running = await intercepting(() => throwError(() => new ForbiddenException('no')));
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toMatchObject({ error: { code: 'forbidden' } });
  });

  it('passes a stream through an operator that does not look into it', async () => {
    await using running = await intercepting(
      (_context, next) => from(next.handle()).pipe(tap(() => order.push('tapped'))),
      function* () {
        yield 'a';
      },
    );
    await using client = await running.connect('/one');
    client.send({ event: 'say', data: { text: '' }, id: 1 });
    expect(await client.take(2)).toEqual([
      { id: 1, next: 'a' },
      { id: 1, done: true },
    ]);
  });

  it('streams what an operator makes of a stream', async () => {
    await using running = await intercepting(
      (_context, next) =>
        from(next.handle() as Promise<Observable<number>>).pipe(
          mergeMap(items => items),
          map(item => item * 2),
        ),
      () => of(1, 2),
    );
    await using client = await running.connect('/one');
    client.send({ event: 'say', data: { text: '' }, id: 1 });
    expect(await client.take(3)).toEqual([
      { id: 1, next: 2 },
      { id: 1, next: 4 },
      { id: 1, done: true },
    ]);
  });

  it('streams the values of an Observable that a handler returns', async () => {
    @WebSocketRoute('/values')
    class ValuesController {
      @OnMessage('values')
      values() {
        return from(['a', 'b']);
      }
    }
    await using running = await serve([ValuesController]);
    await using client = await running.connect('/values');
    client.send({ event: 'values', data: null });
    expect(await client.take(2)).toEqual([
      { event: 'values', data: 'a' },
      { event: 'values', data: 'b' },
    ]);
  });

  it('unsubscribes from a handler that streams when the client leaves', async () => {
    const unsubscribed = Promise.withResolvers<void>();
    @WebSocketRoute('/endless')
    class EndlessController {
      @OnMessage('tick')
      tick() {
        return {
          pipe() {},
          subscribe(observer: { next(value: number): void }) {
            const subscription = interval(1).subscribe(observer);
            return {
              unsubscribe() {
                subscription.unsubscribe();
                unsubscribed.resolve();
              },
            };
          },
        };
      }
    }
    await using running = await serve([EndlessController]);
    const client = await running.connect('/endless');
    client.send({ event: 'tick', data: null, id: 1 });
    expect(await client.next()).toEqual({ id: 1, next: 0 });
    await client.close();
    await unsubscribed.promise;
  });

  it('streams what comes before the first item of the handler, too', async () => {
    @WebSocketRoute('/started')
    class StartedController {
      @OnMessage('count')
      @UseInterceptors({
        intercept: (_context, next) =>
          from(next.handle() as Promise<Iterable<unknown>>).pipe(
            mergeMap(items => from(items)),
            startWith('started'),
          ),
      })
      async count() {
        await new Promise(resolve => setImmediate(resolve));
        return [1].values();
      }
    }
    await using running = await serve([StartedController]);
    await using client = await running.connect('/started');
    client.send({ event: 'count', data: null, id: 1 });
    expect(await client.take(3)).toEqual([
      { id: 1, next: 'started' },
      { id: 1, next: 1 },
      { id: 1, done: true },
    ]);
  });

  it('neither holds up the messages behind a stream that has no item yet, nor @OnClose', async () => {
    const closed = Promise.withResolvers<void>();
    @WebSocketRoute('/silent')
    class SilentController {
      @OnMessage('wait')
      @UseInterceptors({
        intercept: (_context, next) =>
          from(next.handle() as Promise<AsyncIterable<unknown>>).pipe(mergeMap(items => from(items))),
      })
      async *wait() {
        await new Promise(() => {});
      }

      @OnMessage('say')
      say(@MessageBody() text: string) {
        return text;
      }

      @OnClose()
      close() {
        closed.resolve();
      }
    }
    await using running = await serve([SilentController]);
    await using client = await running.connect('/silent');
    client.send({ event: 'wait', data: null, id: 1 });
    client.send({ event: 'wait', data: null, id: 2 });
    expect(await client.request('say', 'hi', 3)).toEqual({ id: 3, data: 'hi' });
    client.send({ id: 1, cancel: true });
    expect(await client.next()).toEqual({ id: 1, done: true });
    await client.close();
    await closed.promise;
  });

  it('takes lastValueFrom() in an interceptor too', async () => {
    await using running = await intercepting((_context, next) => lastValueFrom(from(next.handle())));
    await using client = await running.connect('/one');
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: 'hi' });
  });
});

describe('EventContext', () => {
  @Injectable()
  class Audit {
    constructor(private readonly context: EventContext) {}

    async line() {
      await Promise.resolve();
      const { connection, event, phase, handshake } = this.context;
      return [phase, event ?? null, connection?.id === handshake?.id, handshake?.path];
    }
  }

  @WebSocketRoute('/audit')
  class AuditController {
    constructor(private readonly audit: Audit) {}

    @OnOpen()
    open() {
      return this.audit.line();
    }

    @OnMessage('say')
    say() {
      return this.audit.line();
    }
  }

  it('tells a service the connection and the event it works for', async () => {
    await using running = await serve({ controllers: [AuditController], providers: [Audit] });
    await using client = await running.connect('/audit');
    expect(await client.next()).toMatchObject({ data: ['open', null, true, '/audit'] });
    expect(await client.request('say', null, 1)).toEqual({ id: 1, data: ['message', 'say', true, '/audit'] });
  });

  it('knows nothing outside of any event', async () => {
    await using running = await serve({ controllers: [AuditController], providers: [Audit] });
    const context = running.app.get(EventContext);
    expect([context.current, context.connection, context.event]).toEqual([undefined, undefined, undefined]);
  });

  it('is of the connection and event also in @ParseMessage, filters and the disposal of a scope', async () => {
    const told: unknown[] = [];
    const disposed = Promise.withResolvers<void>();
    const connections = new Map<string, Connection>();

    @Injectable()
    class Note {
      constructor(private readonly context: EventContext) {}

      take(where: string) {
        told.push([where, this.context.phase, this.context.event ?? null, this.context.handshake?.path]);
      }
    }

    @Catch()
    @Injectable()
    class NotingFilter implements ExceptionFilter {
      constructor(private readonly note: Note) {}

      catch() {
        this.note.take('filter');
        return 'noted';
      }
    }

    @Injectable({ scope: Scope.CONNECTION })
    @WebSocketRoute('/noted/:name')
    @UseFilters(NotingFilter)
    class NotedController {
      constructor(private readonly note: Note) {}

      @OnOpen()
      open(@Param('name') name: string, connection: Connection) {
        connections.set(name, connection);
      }

      @ParseMessage()
      parse() {
        this.note.take('parse');
      }

      @OnMessage('end')
      end(@MessageBody() name: string) {
        connections.get(name)?.terminate();
      }

      onConnectionClose() {
        this.note.take('disposed');
        disposed.resolve();
      }
    }
    await using running = await serve({ controllers: [NotedController], providers: [Note, NotingFilter] });
    await using ada = await running.connect('/noted/ada');
    await using _grace = await running.connect('/noted/grace');
    expect(await ada.request('unknown', null, 1)).toEqual({ id: 1, data: 'noted' });
    ada.send({ event: 'end', data: 'grace' });
    await disposed.promise;
    expect(told).toEqual([
      ['parse', 'message', null, '/noted/ada'],
      ['filter', 'message', 'unknown', '/noted/ada'],
      ['parse', 'message', null, '/noted/ada'],
      ['disposed', 'close', null, '/noted/grace'],
    ]);
  });
});
