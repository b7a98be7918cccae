import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mistakesOf } from '../support/application.ts';
import type { Client } from '../support/client.ts';
import { until } from '../support/deadline.ts';
import { type RawRequest, rawUpgrade } from '../support/raw.ts';
import { WatchedServer } from '../support/watched-server.ts';

let server: WatchedServer;
/** What the log must hold after a spec: as a rule nothing, a client's mistake is no fault of the server. */
let due: string[] = [];

beforeAll(async () => {
  server = await WatchedServer.start('acceptance-server.ts', {
    OPTIONS: JSON.stringify({ limits: { upgradeTimeout: 1 } }),
    NODE_ENV: '',
  });
});
afterAll(() => server[Symbol.asyncDispose]());

afterEach(async () => {
  const lines = await server.settle(due.length);
  expect(lines.map(({ message }) => message)).toEqual(due);
  for (const line of lines) expect(JSON.stringify(line)).not.toMatch(/[\r\n]/);
  due = [];
});

const SECRET = 'secret-7f3a';

function ask(path: string, request: RawRequest = {}) {
  return rawUpgrade(server.url + path, request);
}

describe('a request that is no upgrade', () => {
  it('is answered 426 where it has no Upgrade header', async () => {
    const response = await ask('/echo', { headers: { Upgrade: null } });
    expect(response.status).toBe(426);
    expect(response.headers.upgrade).toBe('websocket');
    expect(response.json()).toMatchObject({ statusCode: 426, code: 'upgrade_required' });
  });

  it.each([
    ['an unknown path', '/nowhere', {}, 404],
    ['a POST', '/echo', { method: 'POST' }, 405],
    ['no Connection: upgrade', '/echo', { headers: { Connection: 'close' } }, 400],
    ['version 8', '/echo', { headers: { 'Sec-WebSocket-Version': '8' } }, 426],
    ['no version', '/echo', { headers: { 'Sec-WebSocket-Version': null } }, 426],
    ['no key', '/echo', { headers: { 'Sec-WebSocket-Key': null } }, 400],
    ['a short key', '/echo', { headers: { 'Sec-WebSocket-Key': 'YWJj' } }, 400],
    ['a key that is no base64', '/echo', { headers: { 'Sec-WebSocket-Key': '!'.repeat(24) } }, 400],
  ])('is refused with its own status: %s', async (_what, path, request, status) => {
    const response = await ask(path, request);
    expect(response.status).toBe(status);
    if (status === 405) expect(response.headers.allow).toBe('GET');
    if (status === 426) expect(response.headers['sec-websocket-version']).toBe('13');
  });

  it.each([
    ['/echo', 'a b<script>'],
    ['/echo', '<script>'],
    ['/%E0%A4%A', 'x'],
    ['/%00', 'x'],
    ['/rooms/%00', 'x'],
    ['/rooms/%0d%0aX:1', 'x'],
    ['//evil.com/x', 'x'],
    ['/a/../b', 'x'],
    ['/<script>', 'x'],
  ])('is a 4xx and echoes nothing: %s for %s', async (path, host) => {
    const { status, body } = await ask(path, { headers: { Host: host } });
    // The Host decides no route, so a crooked one does no harm where the path is right.
    if (path !== '/echo') expect(status === 400 || status === 404).toBe(true);
    expect(status).toBeLessThan(500);
    expect(body).not.toMatch(/<script>|evil|%00/);
  });
});

describe('the Origin', () => {
  it('of another site is refused before any hook runs', async () => {
    const { begun } = (await server.health()).upgrades;
    const response = await ask('/guarded', { headers: { Origin: 'https://evil.example' } });
    expect(response.status).toBe(403);
    expect(response.json()).toMatchObject({ code: 'origin_denied' });
    expect((await server.health()).upgrades.begun).toBe(begun);
  });

  it.each([
    ['null', 403],
    ['https://app.example.com', 101],
    ['https://APP.example.com:443', 101],
    ['https://evilapp.example.com', 101],
    ['https://app.example.com.evil.com', 403],
    ['https://xexample.com', 403],
    ['https://.example.com', 403],
    ['https://app.example.com:8443', 403],
    ['http://app.example.com', 403],
    ['https://app.example.com, https://app.example.com', 403],
  ])('%s is %i for a list', async (Origin, status) => {
    expect((await ask('/listed', { headers: { Origin } })).status).toBe(status);
  });

  it('sent twice is refused', async () => {
    const twice = 'https://app.example.com\r\nOrigin: https://app.example.com';
    expect((await ask('/listed', { headers: { Origin: twice } })).status).toBe(403);
  });

  it('is no browser’s where it is missing, which requireOrigin refuses', async () => {
    expect((await ask('/listed')).status).toBe(101);
    const refused = await ask('/browsers');
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'origin_denied' });
    expect((await ask('/browsers', { headers: { Origin: server.url } })).status).toBe(101);
  });
});

describe('subprotocols a, b', () => {
  it.each([
    ['/spoken', 101, 'b'],
    ['/other', 400, undefined],
    ['/echo', 101, undefined],
  ])('at %s are answered %i with %s', async (path, status, chosen) => {
    const response = await ask(path, { headers: { 'Sec-WebSocket-Protocol': 'a, b' } });
    expect(response.status).toBe(status);
    expect(response.headers['sec-websocket-protocol']).toBe(chosen);
  });
});

describe('a hook of the upgrade', () => {
  it.each([
    ['unauthorized', 401, 'GuardedController.before() refused'],
    ['refuses', 403, undefined],
    ['throws', 500, 'GuardedController.before() failed'],
  ])('that %s answers %i without a word of what it threw', async (before, status, logged) => {
    const response = await ask(`/guarded?before=${before}`);
    expect(response.status).toBe(status);
    expect(response.body).not.toContain(SECRET);
    expect(response.body.length).toBeLessThan(200);
    due = logged === undefined ? [] : [logged];
  });

  it('that never ends is answered 503 after upgradeTimeout, its signal aborted', async () => {
    const before = (await server.health()).upgrades;
    const response = await ask('/guarded?before=hangs');
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    expect(response.json()).toMatchObject({ code: 'timeout' });
    const { upgrades } = await server.health();
    expect(upgrades).toEqual({ ...before, begun: before.begun + 1, aborted: before.aborted + 1 });
    due = ['the hooks of an upgrade of GuardedController took too long'];
  });

  it('that ends when it is told to is the last one that runs', async () => {
    const before = (await server.health()).upgrades;
    expect((await ask('/guarded?before=waits')).status).toBe(503);
    const { upgrades } = await server.health();
    expect(upgrades).toMatchObject({ ended: before.ended + 1, afterwards: before.afterwards });
    due = ['the hooks of an upgrade of GuardedController took too long'];
  });

  it('that rejects with the reason it was told has failed nothing', async () => {
    expect((await ask('/guarded?before=aborts')).status).toBe(503);
    due = ['the hooks of an upgrade of GuardedController took too long'];
  });

  it('whose abort listener throws does not end the process', async () => {
    expect((await ask('/guarded?before=listener%20throws')).status).toBe(503);
    due = [
      'the hooks of an upgrade of GuardedController took too long',
      'GuardedController abort listener failed',
    ];
  });

  it('that gives a header with a line break is answered 500', async () => {
    const response = await ask(`/guarded?header=${encodeURIComponent('a\r\nX-Injected: 1')}`);
    expect(response.status).toBe(500);
    expect(response.headers).not.toHaveProperty('x-injected');
    due = ['GuardedController.headers() failed'];
  });
});

describe('a client that vanishes during the upgrade', () => {
  it('leaves nothing behind: no hook, no log line, no place taken', async () => {
    const before = await server.health();
    for (let at = 0; at < 20; at++) await vanish('/guarded?before=waits');
    const isOver = async () => (await server.health()).upgrades.aborted === before.upgrades.aborted + 20;
    while (!(await isOver())) await new Promise(resolve => setTimeout(resolve, 5));
    const { opened, closed, upgrades } = await server.health();
    expect({ opened, closed }).toEqual({ opened: before.opened, closed: before.closed });
    expect(upgrades.afterwards).toBe(before.upgrades.afterwards);
  });

  /** Asks for an upgrade, and is gone once its hook has begun. */
  async function vanish(path: string): Promise<void> {
    const { hostname, port } = new URL(server.url);
    const { begun } = (await server.health()).upgrades;
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    while ((await server.health()).upgrades.begun === begun)
      await new Promise(resolve => setTimeout(resolve, 2));
    socket.destroy();
  }
});

describe('connections of one address', () => {
  it('are at most 100, whatever X-Forwarded-For says', async () => {
    const clients: Client[] = [];
    // The control client is one of them.
    for (let at = 0; at < 99; at++) clients.push(await server.connect('/echo'));
    for (const headers of [{}, { 'X-Forwarded-For': '203.0.113.7' }]) {
      const response = await ask('/echo', { headers });
      expect(response.status).toBe(429);
      expect(response.headers['retry-after']).toBe('5');
      expect(response.json()).toMatchObject({ statusCode: 429, code: 'rate_limited' });
    }
    await clients.pop()?.close();
    clients.push(await server.connect('/echo'));
    await Promise.all(clients.map(client => client.close()));
    expect((await ask('/echo')).status).toBe(101);
    due = [expect.stringMatching(/^an address has maxConnectionsPerIp connections.*trustProxy$/) as string];
  });

  it('are counted again once their upgrades were refused', async () => {
    for (let at = 0; at < 120; at++) expect((await ask('/guarded?before=refuses')).status).toBe(403);
    expect((await ask('/echo')).status).toBe(101);
  });
});

describe('a full server', () => {
  async function startFull(options: object): Promise<WatchedServer> {
    return WatchedServer.start('acceptance-server.ts', { OPTIONS: JSON.stringify(options) });
  }

  it('refuses with 503 above maxConnections, and takes the next once one has left', async () => {
    await using full = await startFull({ limits: { maxConnections: 3, maxConnectionsPerIp: false } });
    const first = await full.connect('/echo');
    await using _second = await full.connect('/echo');
    const refused = await rawUpgrade(`${full.url}/echo`);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.json()).toMatchObject({ statusCode: 503, code: 'overloaded' });
    await first.close();
    await using third = await full.connect('/echo');
    third.send('served');
    expect(await third.next()).toBe('served');
  });

  it('counts upgrades that wait for their hooks among maxConnections', async () => {
    await using full = await startFull({ limits: { maxConnections: 2, upgradeTimeout: 1 } });
    const waiting = rawUpgrade(`${full.url}/guarded?before=hangs`);
    await untilBegun(full, 1);
    expect((await rawUpgrade(`${full.url}/echo`)).status).toBe(503);
    expect((await waiting).status).toBe(503);
    expect((await rawUpgrade(`${full.url}/echo`)).status).toBe(101);
  });

  it('refuses upgrades that would run hooks above maxPendingUpgrades, and no others', async () => {
    await using full = await startFull({ limits: { maxPendingUpgrades: 1, upgradeTimeout: 1 } });
    const waiting = rawUpgrade(`${full.url}/guarded?before=hangs`);
    await untilBegun(full, 1);
    expect((await rawUpgrade(`${full.url}/guarded`)).status).toBe(503);
    expect((await rawUpgrade(`${full.url}/echo`)).status).toBe(101);
    expect((await waiting).status).toBe(503);
    expect((await rawUpgrade(`${full.url}/guarded`)).status).toBe(101);
  });

  async function untilBegun(full: WatchedServer, count: number): Promise<void> {
    while ((await full.health()).upgrades.begun < count) await new Promise(resolve => setTimeout(resolve, 2));
  }
});

describe('trustProxy', () => {
  it('takes the address and the host that the proxy says', async () => {
    const options = { trustProxy: true, limits: { maxConnectionsPerIp: 1 } };
    await using proxied = await WatchedServer.start('acceptance-server.ts', {
      OPTIONS: JSON.stringify(options),
    });
    const at = (forwarded: string) => ({ headers: { 'X-Forwarded-For': `6.6.6.6, ${forwarded}` } });
    await using client = await proxied.connect('/guarded', at('203.0.113.7'));
    client.send('ip');
    expect(await client.next()).toBe('203.0.113.7');
    expect((await rawUpgrade(`${proxied.url}/echo`, at('203.0.113.7'))).status).toBe(429);
    expect((await rawUpgrade(`${proxied.url}/echo`, at('203.0.113.8'))).status).toBe(101);
    await using v6 = await proxied.connect('/echo', at('2001:db8::1'));
    expect((await rawUpgrade(`${proxied.url}/echo`, at('2001:db8::2'))).status).toBe(429);
    expect((await rawUpgrade(`${proxied.url}/echo`, at('2001:db8:0:1::2'))).status).toBe(101);
    expect(v6.socket.readyState).toBe(1);
    const from = { ...at('203.0.113.9').headers, Origin: 'https://app.example.com' };
    expect((await rawUpgrade(`${proxied.url}/echo`, { headers: from })).status).toBe(403);
    const behind = { ...from, 'X-Forwarded-Host': 'app.example.com' };
    expect((await rawUpgrade(`${proxied.url}/echo`, { headers: behind })).status).toBe(101);
  });

  it('is off by default: a host that is forwarded counts for nothing', async () => {
    const headers = { Origin: 'https://app.example.com', 'X-Forwarded-Host': 'app.example.com' };
    expect((await ask('/echo', { headers })).status).toBe(403);
  });
});

describe('a thousand half-open handshakes', () => {
  it('let others in, and are closed by the server', { timeout: 40_000 }, async () => {
    const { hostname, port } = new URL(server.url);
    const half: Socket[] = [];
    let ended = 0;
    for (let at = 0; at < 1000; at++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.on('close', () => ended++);
      socket.on('end', () => socket.end());
      socket.resume();
      socket.write('GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nSec-WebSo');
      half.push(socket);
    }
    await using client = await server.connect('/echo');
    client.send('me first');
    expect(await client.next()).toBe('me first');
    await until(() => ended === 1000, 'the last half-open handshake to end', 30_000);
  });
});

describe('limits that make no sense', () => {
  it.each([
    [{ limits: { maxConnections: 0 } }, '"maxConnections" has a value it cannot take (got 0)'],
    [
      { limits: { maxConnectionsPerIp: '100' } },
      '"maxConnectionsPerIp" has a value it cannot take (got "100")',
    ],
    [{ limits: { upgradeTimeout: -1 } }, 'Give it a whole number of seconds from 0 to 960'],
    [{ limits: { maxConection: 5 } }, 'there is no option "maxConection". Did you mean "maxConnections"?'],
    [{ limits: null }, 'createApplication() option "limits": the options are no object (got null)'],
    [{ trustProxy: 'yes' }, 'Give it true, false, or the number of proxies in front of the server'],
    [{ trustProxy: 0 }, '"trustProxy" has a value it cannot take (got 0)'],
    [{ requireOrigin: 1 }, '"requireOrigin" has a value it cannot take (got 1)'],
    [{ limit: {} }, 'there is no option "limit". Did you mean "limits"?'],
    [{ websocket: { idleTimeout: -1 } }, 'Give it a whole number of seconds from 0 to 960'],
    [{ websocket: { idleTimeout: 961 } }, 'Give it a whole number of seconds from 0 to 960'],
    [{ websocket: { maxPayloadLength: '1mb' } }, 'Give it a whole number of bytes'],
    [{ origins: ['*.com'] }, "Give it 'same', 'any' or a list such as"],
    [{ websocket: { idelTimeout: 1 } }, 'Did you mean "idleTimeout"?'],
  ])('stop the application from starting: %j', async (options, words) => {
    expect(await mistakesOf([], options as object)).toContain(words);
  });
});
