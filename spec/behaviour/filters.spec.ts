import { IsInt, IsString } from 'class-validator';
import {
  APP_FILTER,
  type ArgumentsHost,
  BadRequestException,
  BaseWsExceptionFilter,
  BeforeHandle,
  Catch,
  type Connection,
  type ExceptionFilter,
  ForbiddenException,
  HttpException,
  Inject,
  MessageBody,
  Module,
  NotFoundException,
  OnClose,
  OnError,
  OnMessage,
  OnOpen,
  OnPing,
  Query,
  UseFilters,
  UseGuards,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';
import { refused } from '../support/refused.ts';

class Say {
  @IsString()
  text!: string;
}

@Catch(HttpException)
class HttpFilter implements ExceptionFilter<HttpException> {
  name = 'http';

  catch(exception: HttpException): unknown {
    return { by: this.name, status: exception.getStatus() };
  }
}

@Catch()
class EverythingFilter implements ExceptionFilter {
  name = 'everything';

  catch(exception: unknown): unknown {
    return { by: this.name, said: (exception as Error).message };
  }
}

function named<Filter extends { name: string }>(type: new () => Filter, name: string): Filter {
  return Object.assign(new type(), { name });
}

/** A route whose `go` event throws what it is told, with these filters on its class. */
function throwing(thrown: () => unknown, ...filters: Parameters<typeof UseFilters>) {
  @WebSocketRoute('/throwing')
  @UseFilters(...filters)
  class ThrowingController {
    @OnMessage('go')
    go() {
      throw thrown();
    }
  }
  return serve([ThrowingController]);
}

describe('a filter', () => {
  it('gives what is sent instead of the default error: the reply of a message with an id', async () => {
    await using running = await throwing(() => new NotFoundException('no'), HttpFilter);
    await using client = await running.connect('/throwing');
    expect(await client.request('go', null, 1)).toEqual({ id: 1, data: { by: 'http', status: 404 } });
    client.send({ event: 'go', data: null });
    expect(await client.next()).toEqual({ event: 'exception', data: { by: 'http', status: 404 } });
  });

  it('is passed over for what its @Catch() does not name', async () => {
    await using running = await throwing(() => new WsException('no seat', 'no_seat'), HttpFilter);
    await using client = await running.connect('/throwing');
    expect(await client.request('go', null, 1)).toEqual({
      id: 1,
      error: { code: 'no_seat', message: 'no seat' },
    });
  });

  it('takes subclasses of what it names', async () => {
    await using running = await throwing(() => new ForbiddenException(), HttpFilter);
    await using client = await running.connect('/throwing');
    expect(await client.request('go', null, 1)).toMatchObject({ data: { status: 403 } });
  });

  it('with @Catch() takes everything, also what is no error', async () => {
    await using running = await throwing(() => ({ message: 'an object' }), EverythingFilter);
    await using client = await running.connect('/throwing');
    expect(await client.request('go', null, 1)).toMatchObject({ data: { said: 'an object' } });
  });

  it('may be asynchronous', async () => {
    await using running = await throwing(() => new Error('x'), {
      async catch(_error, host: ArgumentsHost) {
        await Promise.resolve();
        return host.switchToWs().getPattern();
      },
    });
    await using client = await running.connect('/throwing');
    expect(await client.request('go', null, 1)).toEqual({ id: 1, data: 'go' });
  });

  it('sends by itself: then a message without an id has no other answer', async () => {
    await using running = await throwing(() => new Error('x'), {
      catch(_error, host: ArgumentsHost) {
        host.switchToWs().getClient<Connection>().emit('sorry');
      },
    });
    await using client = await running.connect('/throwing');
    client.send({ event: 'go', data: null });
    expect(await client.next()).toEqual({ event: 'sorry', data: null });
    client.send({ event: 'go', data: null, id: 1 });
    expect(await client.take(2)).toEqual([
      { event: 'sorry', data: null },
      { id: 1, error: { code: 'internal', message: 'Internal server error' } },
    ]);
  });

  it('may close the connection', async () => {
    await using running = await throwing(() => new Error('x'), {
      catch(_error, host: ArgumentsHost) {
        host.switchToWs().getClient<Connection>().close(4001, 'out');
      },
    });
    await using client = await running.connect('/throwing');
    client.send({ event: 'go', data: null });
    expect(await client.closed()).toEqual({ code: 4001, reason: 'out' });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('the filter');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the filter'))],
  ])('that %s itself leaves the default error, and both are logged', async (_name, fail) => {
    await using running = await throwing(() => new WsException('no seat', 'no_seat'), { catch: fail });
    await using client = await running.connect('/throwing');
    expect(await client.request('go', null, 1)).toEqual({
      id: 1,
      error: { code: 'no_seat', message: 'no seat' },
    });
    expect(await client.request('go', null, 2)).toMatchObject({ id: 2 });
    expect(running.log.map(({ message }) => message).slice(0, 2)).toEqual([
      'ThrowingController.go() refused',
      'the filter of ThrowingController.go() failed',
    ]);
  });

  it('that throws the exception again leaves it to @OnError()', async () => {
    @WebSocketRoute('/again')
    @UseFilters(BaseWsExceptionFilter)
    class AgainController {
      @OnMessage('go')
      go() {
        throw new Error('x');
      }

      @OnError()
      error(error: Error) {
        return `handled ${error.message}`;
      }
    }
    await using running = await serve([AgainController]);
    await using client = await running.connect('/again');
    expect(await client.request('go', null, 1)).toEqual({ id: 1, data: 'handled x' });
  });

  it('comes before @OnError()', async () => {
    const asked: string[] = [];
    @WebSocketRoute('/before')
    @UseFilters(HttpFilter)
    class BeforeController {
      @OnMessage('http')
      http() {
        throw new BadRequestException();
      }

      @OnMessage('other')
      other() {
        throw new WsException('other');
      }

      @OnError()
      error() {
        asked.push('onError');
        return 'onError';
      }
    }
    await using running = await serve([BeforeController]);
    await using client = await running.connect('/before');
    expect(await client.request('http', null, 1)).toMatchObject({ data: { by: 'http' } });
    expect(asked).toEqual([]);
    expect(await client.request('other', null, 2)).toEqual({ id: 2, data: 'onError' });
  });

  it('is made by the container', async () => {
    @Catch()
    class NamedFilter implements ExceptionFilter {
      constructor(@Inject('NAME') private readonly name: string) {}
      catch() {
        return this.name;
      }
    }
    @WebSocketRoute('/injected')
    @UseFilters(NamedFilter)
    class InjectedController {
      @OnMessage('go')
      go() {
        throw new Error();
      }
    }
    const providers = [{ provide: 'NAME', useValue: 'injected' }];
    await using running = await serve({ controllers: [InjectedController], providers });
    await using client = await running.connect('/injected');
    expect(await client.request('go', null, 1)).toEqual({ id: 1, data: 'injected' });
  });
});

describe('filters together', () => {
  it('are asked from the method over class and module to the application; the first match wins', async () => {
    @WebSocketRoute('/levels')
    @UseFilters(named(HttpFilter, 'class'))
    class LevelsController {
      @UseFilters(named(HttpFilter, 'method'))
      @OnMessage('method')
      method() {
        throw new NotFoundException();
      }

      @OnMessage('class')
      class() {
        throw new NotFoundException();
      }

      @OnMessage('module')
      module() {
        throw new WsException('x');
      }
    }
    @UseFilters(named(EverythingFilter, 'module'))
    @Module({
      controllers: [LevelsController],
      providers: [{ provide: APP_FILTER, useValue: named(EverythingFilter, 'application') }],
    })
    class LevelsModule {}
    await using running = await serve({ imports: [LevelsModule] });
    await using client = await running.connect('/levels');
    expect(await client.request('method', null, 1)).toMatchObject({ data: { by: 'method' } });
    expect(await client.request('class', null, 2)).toMatchObject({ data: { by: 'class' } });
    expect(await client.request('module', null, 3)).toMatchObject({ data: { by: 'module' } });
  });

  it('of the application handle what no other does', async () => {
    @WebSocketRoute('/global')
    class GlobalController {
      @OnMessage('go')
      go() {
        throw new WsException('x');
      }
    }
    await using running = await serve([GlobalController], {}, app =>
      app.useGlobalFilters(named(EverythingFilter, 'useGlobalFilters')),
    );
    await using client = await running.connect('/global');
    expect(await client.request('go', null, 1)).toMatchObject({ data: { by: 'useGlobalFilters' } });
  });
});

describe('what filters handle', () => {
  it('is a failed check, a refusal of a guard, a bad frame and an unknown event', async () => {
    @WebSocketRoute('/refusals')
    @UseFilters({
      catch: (error: WsException & HttpException) => ({ seen: error.code ?? error.getStatus() }),
    })
    class RefusalsController {
      @OnMessage('checked')
      checked(@MessageBody() _say: Say) {}

      @UseGuards({ canActivate: () => false })
      @OnMessage('guarded')
      guarded() {}
    }
    await using running = await serve([RefusalsController]);
    await using client = await running.connect('/refusals');
    expect(await client.request('checked', { text: 1 }, 1)).toEqual({
      id: 1,
      data: { seen: 'validation_failed' },
    });
    expect(await client.request('guarded', null, 2)).toEqual({ id: 2, data: { seen: 403 } });
    expect(await client.request('nobody', null, 3)).toEqual({ id: 3, data: { seen: 'unknown_event' } });
    client.send('{');
    expect(await client.next()).toEqual({ event: 'exception', data: { seen: 'bad_frame' } });
  });

  it('is what @OnOpen, @OnPing and @OnClose throw, by their phase', async () => {
    const phases: string[] = [];
    const closed = Promise.withResolvers<void>();
    @WebSocketRoute('/phases')
    @UseFilters({
      catch(_error, host: ArgumentsHost) {
        phases.push(host.getPhase());
        if (host.getPhase() === 'close') closed.resolve();
        return host.getPhase();
      },
    })
    class PhasesController {
      @OnPing()
      ping() {
        throw new Error('ping');
      }

      @OnClose()
      close() {
        throw new Error('close');
      }

      @OnMessage()
      message(text: string) {
        return text;
      }
    }
    await using running = await serve([PhasesController]);
    const client = await running.connect('/phases');
    (client.socket as unknown as { ping(): void }).ping();
    expect(await client.next()).toBe('ping');
    await client.close();
    await closed.promise;
    expect(phases).toEqual(['ping', 'close']);
  });

  it('is what @OnOpen throws, and the connection still closes with 1011', async () => {
    @WebSocketRoute('/open')
    @UseFilters({ catch: () => 'sorry' })
    class OpenController {
      @OnOpen()
      open() {
        throw new Error('open');
      }

      @OnMessage()
      message(_text: string) {}
    }
    await using running = await serve([OpenController]);
    await using client = await running.connect('/open');
    expect(await client.next()).toBe('sorry');
    expect(await client.closed()).toMatchObject({ code: 1011 });
  });
});

describe('what a filter catches', () => {
  it('is a mistake where a circular import left its class undefined', async () => {
    @Catch(undefined as never)
    class CircularFilter implements ExceptionFilter {
      catch() {}
    }
    @WebSocketRoute('/circular')
    @UseFilters(CircularFilter)
    class CircularController {}
    @WebSocketRoute('/other')
    class OtherController {}
    const mistake = '@Catch() of CircularFilter: an exception is named by its class';
    expect(await mistakesOf([CircularController])).toContain(mistake);
    expect(
      await mistakesOf({
        controllers: [OtherController],
        providers: [{ provide: APP_FILTER, useClass: CircularFilter }],
      }),
    ).toContain(mistake);
  });
});

describe('a filter of a class without hooks', () => {
  it('has the headers of the upgrade when a frame comes that nothing takes', async () => {
    @Catch()
    class AgentFilter implements ExceptionFilter {
      catch(_exception: unknown, host: ArgumentsHost) {
        return host.getHandshake().headers['x-agent'];
      }
    }
    @WebSocketRoute('/hookless')
    @UseFilters(AgentFilter)
    class HooklessController {}
    await using running = await serve([HooklessController]);
    await using client = await running.connect('/hookless', { headers: { 'x-agent': 'spec' } });
    client.send('anything');
    expect(await client.next()).toBe('spec');
  });
});

describe('a filter at the upgrade', () => {
  class Page {
    @IsInt()
    page!: number;
  }

  const upgrading = (...filters: Parameters<typeof UseFilters>) => {
    @WebSocketRoute('/upgrade')
    @UseFilters(...filters)
    @UseGuards({ canActivate: context => context.getHandshake().query.guard !== 'no' })
    class UpgradeController {
      @BeforeHandle()
      before(@Query() query: Page) {
        if (query.page === 13) throw new WsException('unlucky');
      }
    }
    return serve([UpgradeController]);
  };

  it('answers with the Response it returns', async () => {
    await using running = await upgrading({
      catch: (_error, host: ArgumentsHost) =>
        Response.json({ phase: host.getPhase(), path: host.getHandshake().path }, { status: 418 }),
    });
    const answer = { status: 418, body: { phase: 'upgrade', path: '/upgrade' } };
    expect(await refused(running, '/upgrade?page=13')).toEqual(answer);
    expect(await refused(running, '/upgrade?page=1&guard=no')).toEqual(answer);
    expect(await refused(running, '/upgrade?page=x')).toEqual(answer);
  });

  it('leaves the default answer when it returns nothing, or fails', async () => {
    const forbidden = { statusCode: 403, code: 'forbidden', message: 'Forbidden' };
    await using quiet = await upgrading({ catch: async () => {} });
    expect(await refused(quiet, '/upgrade?page=1&guard=no')).toEqual({ status: 403, body: forbidden });
    await using failing = await upgrading({
      catch() {
        throw new Error('filter');
      },
    });
    expect(await refused(failing, '/upgrade?page=1&guard=no')).toEqual({ status: 403, body: forbidden });
    expect(failing.log.map(({ message }) => message)).toContain('the filter of UpgradeController failed');
  });

  it('gets a failed check as an UnprocessableEntityException with its issues', async () => {
    let caught: unknown;
    await using running = await upgrading({
      catch(error) {
        caught = (error as HttpException).getResponse();
      },
    });
    expect((await refused(running, '/upgrade?page=x')).status).toBe(422);
    expect(caught).toMatchObject({ code: 'validation_failed', issues: [{ path: 'page', rule: 'isNumber' }] });
  });
});
