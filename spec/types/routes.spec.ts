import {
  type ApplicationOptions,
  createApplication,
  Module,
  OnMessage,
  OnOpen,
  Param,
  type PathParams,
  type RouteOptions,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { serve } from '../support/application.ts';

describe('PathParams', () => {
  it('has what a path names', () => {
    expectTypeOf<PathParams<'/chat/:room'>>().toEqualTypeOf<{ room: string }>();
    expectTypeOf<PathParams<'/:a/b/:c_d/:e1'>>().toEqualTypeOf<{ a: string; c_d: string; e1: string }>();
  });

  it('has an optional last parameter', () => {
    expectTypeOf<PathParams<'/chat/:room/:seat?'>>().toEqualTypeOf<{ room: string; seat?: string }>();
    expectTypeOf<PathParams<'/:only?'>>().toEqualTypeOf<{ only?: string }>();
  });

  it('has the rest of the path', () => {
    expectTypeOf<PathParams<'/files/*'>>().toEqualTypeOf<{ '*': string }>();
    expectTypeOf<PathParams<'/files/:owner/*'>>().toEqualTypeOf<{ owner: string; '*': string }>();
  });

  it('is empty for a static path, and has any name where the path is not known', () => {
    // biome-ignore lint/complexity/noBannedTypes: an object without properties is what is meant
    expectTypeOf<PathParams<'/chat'>>().toEqualTypeOf<{}>();
    // biome-ignore lint/complexity/noBannedTypes: as above
    expectTypeOf<PathParams<'/'>>().toEqualTypeOf<{}>();
    expectTypeOf<PathParams<string>>().toEqualTypeOf<Record<string, string>>();
  });

  it('takes a trailing slash', () => {
    expectTypeOf<PathParams<'/chat/:room/'>>().toEqualTypeOf<{ room: string }>();
  });

  it('tells what @Param() gives', async () => {
    @WebSocketRoute('/chat/:room/:seat?')
    class ChatController {
      @OnOpen()
      open(@Param() params: PathParams<'/chat/:room/:seat?'>) {
        expectTypeOf(params.room).toBeString();
        expectTypeOf(params.seat).toEqualTypeOf<string | undefined>();
        // @ts-expect-error
        const { other } = params;
        return { ...params, other: other ?? null };
      }
    }
    @WebSocketRoute('/files/*')
    class FilesController {
      @OnOpen()
      open(@Param() params: PathParams<'/files/*'>) {
        return params['*'];
      }
    }
    await using server = await serve([ChatController, FilesController]);
    await using both = await server.connect('/chat/blue/4');
    expect(await both.next()).toEqual({ room: 'blue', seat: '4', other: null });
    await using one = await server.connect('/chat/blue');
    expect(await one.next()).toEqual({ room: 'blue', other: null });
    await using rest = await server.connect('/files/a/b%20c');
    expect(await rest.next()).toBe('a/b c');
  });
});

describe('RouteOptions', () => {
  it('has the options of a route, each with its values', () => {
    expectTypeOf<Required<RouteOptions>['idleTimeout']>().toEqualTypeOf<number>();
    expectTypeOf<Required<RouteOptions>['slowConsumer']>().toEqualTypeOf<'close' | 'drop'>();
    expectTypeOf<Required<RouteOptions>['origins']>().toEqualTypeOf<'same' | 'any' | readonly string[]>();
    expectTypeOf<ApplicationOptions['websocket']>().toEqualTypeOf<RouteOptions | undefined>();
    expectTypeOf<{ headers: { 'Set-Cookie': ['a=1', 'b=2'] } }>().toExtend<RouteOptions>();
    expectTypeOf<{ perMessageDeflate: { compress: 'shared' } }>().toExtend<RouteOptions>();
  });

  it('refuses unknown options and values', () => {
    // @ts-expect-error
    WebSocketRoute('/', { idleTimout: 5 });
    // @ts-expect-error
    WebSocketRoute('/', { idleTimeout: '5' });
    // @ts-expect-error
    WebSocketRoute('/', { slowConsumer: 'wait' });
    // @ts-expect-error
    WebSocketRoute('/', { perMessageDeflate: { compress: '5KB' } });
    // @ts-expect-error
    WebSocketRoute('/', { message: () => 'handlers are methods' });
    // @ts-expect-error
    WebSocketRoute();
  });

  it('may come from a factory', () => {
    class Config {
      readonly idle = 30;
    }
    WebSocketRoute('/', { useFactory: (config: Config) => ({ idleTimeout: config.idle }), inject: [Config] });
    WebSocketRoute('/', { useFactory: async () => ({ idleTimeout: 5 }) });
    // @ts-expect-error
    WebSocketRoute('/', { useFactory: () => ({ idleTimeout: '5' }) });
  });
});

describe('decorators', () => {
  it('are for what they decorate', () => {
    class Controller {
      @OnMessage()
      // @ts-expect-error
      @WebSocketRoute('/')
      message() {}
    }
    expectTypeOf(Controller).toBeObject();
    expectTypeOf(createApplication).parameter(0).not.toBeAny();
    expectTypeOf(Module).parameter(0).not.toBeAny();
  });
});
