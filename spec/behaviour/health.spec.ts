import { type HealthOptions, OnMessage, WebSocketRoute } from 'gatewire';
import { describe, expect, it } from 'vitest';
import { type Running, serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';

@WebSocketRoute('/work')
class WorkController {
  @OnMessage()
  async work(text: string) {
    if (text === 'long') {
      begun.resolve();
      await finished.promise;
    }
    return text;
  }
}

/** Its long handler was called, and what it waits for. */
let begun = Promise.withResolvers<void>();
let finished = Promise.withResolvers<void>();

function start(health: boolean | HealthOptions): Promise<Running> {
  begun = Promise.withResolvers();
  finished = Promise.withResolvers();
  return serve([WorkController], { health });
}

/** The status and the body of a path. */
async function ask(server: Running, path: string, method = 'GET'): Promise<[status: number, body: unknown]> {
  const response = await fetch(server.url + path, { method });
  const text = await response.text();
  return [response.status, text === '' ? '' : JSON.parse(text).status];
}

describe('health', () => {
  it('is not told unless it is asked for', async () => {
    await using server = await serve([WorkController]);
    expect(await ask(server, '/healthz')).toEqual([404, undefined]);
    expect(await ask(server, '/readyz')).toEqual([404, undefined]);
  });

  it('is told at /healthz and /readyz, to GET and HEAD', async () => {
    await using server = await start(true);
    expect(await ask(server, '/healthz')).toEqual([200, 'ok']);
    expect(await ask(server, '/readyz')).toEqual([200, 'ok']);
    expect(await ask(server, '/readyz', 'HEAD')).toEqual([200, '']);
    expect(await ask(server, '/readyz', 'POST')).toEqual([404, undefined]);
    expect((await fetch(`${server.url}/healthz`)).headers.get('cache-control')).toBe('no-store');
  });

  it('is told at other paths, or not at all', async () => {
    await using server = await start({ livePath: '/live', readyPath: false });
    expect(await ask(server, '/live')).toEqual([200, 'ok']);
    expect(await ask(server, '/healthz')).toEqual([404, undefined]);
    expect(await ask(server, '/readyz')).toEqual([404, undefined]);
  });

  it('is unready from the moment on that the application closes, while its clients are still served', async () => {
    await using server = await start(true);
    await using client = await server.connect('/work');
    client.send('long');
    await begun.promise;
    const closing = server.app.close();
    expect(await ask(server, '/readyz')).toEqual([503, 'draining']);
    expect(await ask(server, '/healthz')).toEqual([200, 'ok']);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    finished.resolve();
    expect(await client.next()).toBe('long');
    await closing;
  });
});

describe('a readiness check', () => {
  it('decides, by a promise too', async () => {
    let isReady: boolean | Promise<boolean> = false;
    await using server = await start({ ready: () => isReady });
    expect(await ask(server, '/readyz')).toEqual([503, 'not ready']);
    expect(await ask(server, '/healthz')).toEqual([200, 'ok']);
    isReady = Promise.resolve(true);
    expect(await ask(server, '/readyz')).toEqual([200, 'ok']);
    expect(server.log).toEqual([]);
  });

  it('is given the application', async () => {
    const given: unknown[] = [];
    await using server = await start({ ready: app => given.push(app) > 0 });
    expect(await ask(server, '/readyz')).toEqual([200, 'ok']);
    expect(given).toEqual([server.app]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
  ])('that %s is 503 and a line of the log', async (_name, ready) => {
    await using server = await start({ ready });
    expect(await ask(server, '/readyz')).toEqual([503, 'not ready']);
    expect(server.log.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'the readiness check failed'],
    ]);
    expect(server.log[0]?.facts.error).toEqual(new Error('no database'));
  });

  it('that hangs is 503 in time, is not begun again, and counts once it has ended', async () => {
    const asked = Promise.withResolvers<boolean>();
    let calls = 0;
    const ready = () => {
      calls++;
      return asked.promise;
    };
    await using server = await start({ ready, timeout: 20 });
    const answers = await Promise.all([ask(server, '/readyz'), ask(server, '/readyz')]);
    expect(answers).toEqual([
      [503, 'not ready'],
      [503, 'not ready'],
    ]);
    expect(await ask(server, '/readyz')).toEqual([503, 'not ready']);
    expect(calls).toBe(1);
    expect(server.log[0]).toMatchObject({
      level: 'warn',
      message: 'the readiness check did not answer within 20 ms',
    });
    asked.resolve(true);
    await until(() => calls === 1, 'the check');
    expect(await ask(server, '/readyz')).toEqual([200, 'ok']);
    expect(calls).toBe(2);
  });
});
