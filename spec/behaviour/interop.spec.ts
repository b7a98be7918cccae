import {
  BeforeHandle,
  Connection,
  HttpException,
  OnClose,
  OnMessage,
  OnPong,
  Query,
  WebSocketRoute,
} from 'gatewire';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Running, serve } from '../support/application.ts';
import { Child } from '../support/child.ts';
import { until } from '../support/deadline.ts';

/** How connections ended, as their @OnClose was told. */
const closes: { code: number; reason: string }[] = [];

@WebSocketRoute('/plain')
class PlainController {
  @OnMessage()
  text(text: string) {
    return text;
  }

  @OnMessage()
  binary(bytes: Uint8Array) {
    return bytes;
  }

  @OnClose()
  close(code: number, reason: string) {
    closes.push({ code, reason });
  }
}

@WebSocketRoute('/events')
class EventsController {
  @OnMessage('double')
  double(value: number) {
    return 2 * value;
  }
}

@WebSocketRoute('/spoken', { subprotocols: ['v2', 'v1'] })
class SpokenController {
  @OnMessage()
  text(text: string) {
    return text;
  }
}

@WebSocketRoute('/control')
class ControlController {
  @OnMessage()
  control(text: string, connection: Connection) {
    if (text === 'ping me') connection.ping('from the server');
    else connection.pong('unasked');
  }

  @OnPong()
  pong(bytes: Uint8Array) {
    return new TextDecoder().decode(bytes);
  }
}

@WebSocketRoute('/leave')
class LeaveController {
  @OnMessage()
  leave(text: string, connection: Connection) {
    const [how, code, ...reason] = text.split(' ');
    if (how === 'terminate') connection.terminate();
    else connection.close(Number(code), reason.join(' '));
  }

  @OnClose()
  close(code: number, reason: string) {
    closes.push({ code, reason });
  }
}

@WebSocketRoute('/guarded')
class GuardedController {
  @BeforeHandle()
  guard(@Query('key') key?: string) {
    if (key === 'teapot') throw new HttpException('short and stout', 418);
    return false;
  }
}

let server: Running;

beforeAll(async () => {
  server = await serve([
    PlainController,
    EventsController,
    SpokenController,
    ControlController,
    LeaveController,
    GuardedController,
  ]);
});

afterAll(() => server[Symbol.asyncDispose]());

beforeEach(() => {
  closes.length = 0;
});

describe('npm’s ws in Node', () => {
  /** What one command of support/ws-client.mjs saw. */
  async function see(command: string): Promise<unknown> {
    await using child = Child.node('ws-client.mjs', {
      COMMAND: command,
      URL: server.url.replace(/^http/, 'ws'),
    });
    const result = await child.value('result');
    expect(child.records.at(-1)?.runtime).toMatch(/^node /);
    return result;
  }

  it('exchanges text: empty, outside ASCII, and as long as a message may be', async () => {
    expect(await see('text')).toEqual({
      echoes: [true, true, true, true],
      extensions: '',
      protocol: '',
      code: 1005,
      reason: '',
    });
  });

  it('exchanges binary', async () => {
    expect(await see('binary')).toEqual({
      empty: { bytes: [] },
      few: { bytes: [0, 127, 128, 255] },
      many: 65_536,
    });
  });

  it('gets replies by id', async () => {
    expect(await see('ids')).toEqual([
      { id: 1, data: 42 },
      { id: 'two', data: 42 },
      { id: 0, data: 42 },
      { event: 'double', data: 42 },
      { id: 4, error: expect.objectContaining({ code: 'validation_failed' }) },
    ]);
  });

  it('gets the subprotocol the server prefers, or 400 when it speaks none of the offered', async () => {
    expect(await see('subprotocol')).toEqual({
      protocol: 'v2',
      unknown: { status: 400, body: expect.objectContaining({ statusCode: 400, code: 'bad_request' }) },
    });
  });

  it('gives up by itself where it offers subprotocols and the route speaks none', async () => {
    expect(await see('unselectedSubprotocol')).toBe('Server sent no subprotocol');
  });

  it('has its pings answered with their payload', async () => {
    expect(await see('pingFromClient')).toBe('from the client');
  });

  it('answers the server’s pings, which @OnPong sees', async () => {
    expect(await see('pingFromServer')).toEqual({ ping: 'from the server', ponged: 'from the server' });
  });

  it('gets an unasked pong', async () => {
    expect(await see('pongFromServer')).toBe('unasked');
  });

  it('closes with its code and reason, which @OnClose sees and which are echoed', async () => {
    const reason = 'x'.repeat(123);
    const seen = [
      { code: 4001, reason: 'é reason' },
      { code: 1000, reason: '' },
      { code: 3000, reason },
      { code: 1005, reason: '' },
    ];
    expect(await see('closeFromClient')).toEqual(seen);
    await until(() => closes.length === 5, 'five closes');
    expect(closes).toEqual([...seen, { code: 1006, reason: '' }]);
  });

  it('is closed with the server’s code and reason', async () => {
    const seen = [
      { code: 1000, reason: '' },
      { code: 1011, reason: 'é reason' },
      { code: 4999, reason: 'bye' },
      { code: 1006, reason: '' },
    ];
    expect(await see('closeFromServer')).toEqual(seen);
    expect(closes).toEqual(seen);
  });

  it('may send a message in fragments, with pings between them', async () => {
    expect(await see('fragments')).toEqual({
      text: 'frag',
      pong: 'between',
      bytes: [0, 1, 2, 3, 4],
      isBinary: true,
    });
  });

  it('is closed with 1009 for a message that is too big', async () => {
    expect(await see('tooBig')).toMatchObject({ code: 1009 });
    expect(closes).toMatchObject([{ code: 1009 }]);
  });

  it('goes uncompressed unless asked for, whatever it offers', async () => {
    expect(await see('compression')).toEqual({ extensions: '', length: 2000 });
  });

  it('sees status and body of a refused upgrade', async () => {
    expect(await see('refusals')).toEqual({
      notFound: { status: 404, body: expect.objectContaining({ statusCode: 404, code: 'not_found' }) },
      forbidden: { status: 403, body: { statusCode: 403, code: 'forbidden', message: 'Forbidden' } },
      teapot: { status: 418, body: expect.objectContaining({ statusCode: 418, message: 'short and stout' }) },
      origin: { status: 403, body: expect.objectContaining({ statusCode: 403, code: 'origin_denied' }) },
      version: { status: 426, body: expect.objectContaining({ statusCode: 426, code: 'upgrade_required' }) },
    });
  });
});

describe('Bun’s own client', () => {
  it('exchanges text and binary', async () => {
    await using client = await server.connect('/plain');
    for (const text of ['', 'é€😀', 'x'.repeat(65_536)]) {
      client.send(text);
      expect(await client.nextFrame()).toBe(text);
    }
    client.send(new Uint8Array([0, 128, 255]));
    expect(await client.next()).toEqual(new Uint8Array([0, 128, 255]));
    expect(client.socket.protocol).toBe('');
    expect(client.socket.extensions).toBe('');
  });

  it('gets replies by id and the subprotocol the server prefers', async () => {
    await using events = await server.connect('/events');
    expect(await events.request('double', 21, 'a')).toEqual({ id: 'a', data: 42 });
    await using spoken = await server.connect('/spoken', { protocols: ['v1', 'v2'] });
    expect(spoken.socket.protocol).toBe('v2');
  });

  it('pings and is pinged', async () => {
    await using client = await server.connect('/control');
    client.send('ping me');
    expect(await client.next()).toBe('from the server');
  });

  it('closes and is closed with code and reason', async () => {
    const client = await server.connect('/plain');
    expect(await client.close(4001, 'é reason')).toEqual({ code: 4001, reason: 'é reason' });
    await until(() => closes.length === 1, 'the close');
    const other = await server.connect('/leave');
    other.send('close 4999 bye');
    expect(await other.closed()).toEqual({ code: 4999, reason: 'bye' });
    const third = await server.connect('/leave');
    third.send('terminate');
    expect(await third.closed()).toMatchObject({ code: 1006 });
    expect(closes).toEqual([
      { code: 4001, reason: 'é reason' },
      { code: 4999, reason: 'bye' },
      { code: 1006, reason: '' },
    ]);
  });

  it('fails where the upgrade is refused', async () => {
    await expect(server.connect('/guarded')).rejects.toThrow('was refused');
  });
});
