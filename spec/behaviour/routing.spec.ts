import { OnMessage, OnOpen, Param, WebSocketRoute } from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { rawUpgrade } from '../support/raw.ts';

function controllerAt(path: string, name = path) {
  @WebSocketRoute(path)
  class PathController {
    @OnOpen()
    open(@Param() params: Record<string, string>) {
      return JSON.stringify({ name, params: { ...params } });
    }

    @OnMessage()
    echo(text: string) {
      return text;
    }
  }
  return PathController;
}

describe('a path', () => {
  it('gives its parameters, percent-decoded', async () => {
    await using server = await serve([controllerAt('/chat/:room/:seat')]);
    await using client = await server.connect('/chat/a%20b%2Fc/%C3%A9');
    expect(await client.next()).toEqual({ name: '/chat/:room/:seat', params: { room: 'a b/c', seat: 'é' } });
  });

  it('matches with and without a trailing slash', async () => {
    await using server = await serve([controllerAt('/chat/:room'), controllerAt('/plain')]);
    for (const path of ['/chat/blue', '/chat/blue/']) {
      await using client = await server.connect(path);
      expect(await client.next()).toMatchObject({ params: { room: 'blue' } });
    }
    await using client = await server.connect('/plain/');
    expect(await client.next()).toMatchObject({ name: '/plain' });
  });

  it('may have an optional last parameter', async () => {
    await using server = await serve([controllerAt('/chat/:room?')]);
    for (const [path, params] of [
      ['/chat', {}],
      ['/chat/', {}],
      ['/chat/blue', { room: 'blue' }],
    ] as const) {
      await using client = await server.connect(path);
      expect(await client.next()).toMatchObject({ params });
    }
  });

  it('may end in a wildcard, which is the rest of the path', async () => {
    await using server = await serve([controllerAt('/files/*')]);
    await using client = await server.connect('/files/a/b%20c/d.txt');
    expect(await client.next()).toMatchObject({ params: { '*': 'a/b c/d.txt' } });
  });

  it('is chosen static before parameter before wildcard, whatever the order of the controllers', async () => {
    const paths = ['/a/*', '/a/:x', '/a/b', '/a/:x/c', '/a/b/:y', '/'];
    await using server = await serve(paths.map(path => controllerAt(path)));
    for (const [path, name] of [
      ['/a/b', '/a/b'],
      ['/a/z', '/a/:x'],
      ['/a/z/c', '/a/:x/c'],
      ['/a/b/q', '/a/b/:y'],
      ['/a/z/q', '/a/*'],
      ['/a/1/2/3', '/a/*'],
      ['/', '/'],
    ] as const) {
      await using client = await server.connect(path);
      expect(await client.next()).toMatchObject({ name });
    }
  });

  it('may hold what is not ASCII, written as it is or percent-encoded', async () => {
    await using server = await serve([controllerAt('/café'), controllerAt('/na%C3%AFve/:x')]);
    for (const [path, name] of [
      ['/café', '/café'],
      ['/caf%C3%A9/', '/café'],
      ['/naïve/1', '/na%C3%AFve/:x'],
    ] as const) {
      await using client = await server.connect(path);
      expect(await client.next()).toMatchObject({ name });
    }
  });

  it('is case-sensitive', async () => {
    await using server = await serve([controllerAt('/chat')]);
    expect((await rawUpgrade(`${server.url}/Chat`)).status).toBe(404);
  });

  it('with a control character in a parameter is 400', async () => {
    await using server = await serve([controllerAt('/chat/:room')]);
    expect((await rawUpgrade(`${server.url}/chat/%00`)).status).toBe(400);
  });
});

describe('a request that is no upgrade', () => {
  it('is 404 for an unknown path, upgrade or not', async () => {
    await using server = await serve([controllerAt('/chat')]);
    expect((await rawUpgrade(`${server.url}/nope`)).json()).toEqual({
      statusCode: 404,
      code: 'not_found',
      message: 'There is nothing at this path',
    });
    expect((await fetch(`${server.url}/nope`)).status).toBe(404);
  });

  it('is 426 on a socket path', async () => {
    await using server = await serve([controllerAt('/chat/:room')]);
    const response = await fetch(`${server.url}/chat/blue`);
    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
    expect(await response.json()).toMatchObject({ statusCode: 426, code: 'upgrade_required' });
  });

  it('is 405 for another method', async () => {
    await using server = await serve([controllerAt('/chat')]);
    const response = await fetch(`${server.url}/chat`, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
    expect((await rawUpgrade(`${server.url}/chat`, { method: 'PUT' })).status).toBe(405);
  });
});

describe('ordinary HTTP beside the sockets', () => {
  it('is served by options.routes', async () => {
    await using server = await serve([controllerAt('/chat')], {
      routes: {
        '/': new Response('home'),
        '/users/:id': (request: Bun.BunRequest<'/users/:id'>) => new Response(`user ${request.params.id}`),
        '/form': { POST: () => new Response('posted') },
      },
    });
    expect(await (await fetch(`${server.url}/`)).text()).toBe('home');
    expect(await (await fetch(`${server.url}/users/7`)).text()).toBe('user 7');
    expect(await (await fetch(`${server.url}/form`, { method: 'POST' })).text()).toBe('posted');
    expect((await fetch(`${server.url}/form`)).status).toBe(404);
  });

  it('is served by options.fetch, whose undefined leaves the answer to Gatewire', async () => {
    await using server = await serve([controllerAt('/chat')], {
      fetch: request => (request.url.endsWith('/about') ? new Response('about') : undefined),
    });
    expect(await (await fetch(`${server.url}/about`)).text()).toBe('about');
    expect((await fetch(`${server.url}/nope`)).status).toBe(404);
    expect((await fetch(`${server.url}/chat`)).status).toBe(426);
  });

  it('gets a plain GET of a socket path, with its own parameters', async () => {
    await using server = await serve([controllerAt('/chat/:room')], {
      routes: {
        '/chat/:name': request => Response.json(request.params),
        '/other': new Response('other'),
      },
    });
    expect(await (await fetch(`${server.url}/chat/blue`)).json()).toEqual({ name: 'blue' });
    await using client = await server.connect('/chat/blue');
    expect(await client.next()).toMatchObject({ params: { room: 'blue' } });
  });

  it('never swallows an upgrade of a path that a socket route matches', async () => {
    await using server = await serve([controllerAt('/chat/:room'), controllerAt('/a/b/c')], {
      routes: {
        '/chat/lobby': () => new Response('lobby page'),
        '/chat/hall': new Response('hall page'),
        '/chat/tower': { GET: () => new Response('tower page') },
        '/a/:x/c': () => new Response('page'),
        '/:id': () => new Response('any'),
      },
    });
    for (const room of ['lobby', 'hall', 'tower']) {
      await using client = await server.connect(`/chat/${room}`);
      expect(await client.next()).toMatchObject({ params: { room } });
      expect(await (await fetch(`${server.url}/chat/${room}`)).text()).toBe(`${room} page`);
    }
    await using client = await server.connect('/a/b/c');
    expect(await client.next()).toMatchObject({ name: '/a/b/c' });
  });

  it('never swallows an upgrade with a trailing slash, also not by a route for every path', async () => {
    await using server = await serve([controllerAt('/chat/:room')], {
      routes: { '/*': () => new Response('any') },
    });
    await using client = await server.connect('/chat/blue/');
    expect(await client.next()).toMatchObject({ params: { room: 'blue' } });
    expect(await (await fetch(`${server.url}/chat/blue/`)).text()).toBe('any');
  });

  it('answers 500 without the text of what a handler threw', async () => {
    await using server = await serve([controllerAt('/chat')], {
      routes: {
        '/boom': () => {
          throw new Error('secret');
        },
      },
    });
    const response = await fetch(`${server.url}/boom`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(server.log).toMatchObject([{ level: 'error', message: 'an HTTP handler failed' }]);
  });
});
