import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ChatService, type Seat } from '../samples/chat/chat.service.ts';
import { Client } from './support/client.ts';
import { scrape } from './support/exposition.ts';
import { rawUpgrade } from './support/raw.ts';
import { runScript, type Sample, startSample } from './support/sample.ts';

const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

interface Frame {
  readonly event?: string;
  readonly id?: unknown;
  readonly data?: unknown;
  readonly error?: { readonly code: string; readonly issues: readonly { path: string; rule: string }[] };
}

interface Refusal {
  readonly statusCode: number;
  readonly code: string;
  readonly issues: readonly { readonly path: string }[];
}

describe('samples/echo', () => {
  it('sends every text back', async () => {
    await using sample = await startSample('echo');
    await using client = await Client.connect(`${sample.url}/echo`);
    client.send('hello');
    expect(await client.next()).toBe('hello');
  });

  it('has at most 15 lines', async () => {
    const text = await Bun.file(new URL('../samples/echo/main.ts', import.meta.url)).text();
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });
});

describe('every sample', () => {
  it.each(['echo', 'chat', 'validation', 'testing', 'authentication', 'monitoring'])(
    '%s starts in its own folder',
    async name => {
      await using sample = await startSample(name, { from: `samples/${name}` });
      expect(sample.url).toMatch(/^http:\/\/localhost:\d+$/);
    },
  );
});

describe('samples/chat', () => {
  it('serves its page', async () => {
    await using sample = await startSample('chat');
    const response = await fetch(sample.url);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('<title>Gatewire chat</title>');
  });

  it('tells who opens the history and who is here, and the others that somebody joined', async () => {
    await using sample = await startSample('chat');
    await using ada = await join(sample, 'Ada');
    expect(await ada.next()).toEqual(history([], ['Ada']));
    await using grace = await join(sample, 'Grace');
    expect(await grace.next()).toEqual(history([], ['Ada', 'Grace']));
    expect(await ada.next()).toEqual({ event: 'joined', data: { name: 'Grace' } });
    expect(grace.untaken).toEqual([]);
  });

  it('brings a message to everyone in the room, and answers its sender exactly once', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    await using grace = await enter(sample, 'Grace');
    await ada.next();
    const message = { event: 'message', data: { from: 'Ada', text: 'Hello', at: ISO_TIME } };
    ada.send({ event: 'say', data: { text: 'Hello' }, id: 7 });
    expect(await ada.take(2)).toEqual(expect.arrayContaining([message, { id: 7, data: null }]));
    expect(await grace.next()).toEqual(message);
    // Whatever else those had been sent would come before the next message.
    grace.send({ event: 'say', data: { text: 'And you' } });
    const next = { event: 'message', data: { from: 'Grace', text: 'And you', at: ISO_TIME } };
    expect([await ada.next(), await grace.next()]).toEqual([next, next]);
    expect([...ada.untaken, ...grace.untaken]).toEqual([]);
  });

  it('keeps a room to itself', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada', 'blue');
    await using other = await enter(sample, 'Ada', 'red');
    await say(ada, 'blue only', 1);
    await say(other, 'red only', 1);
    expect(other.untaken).toEqual([]);
    await using late = await join(sample, 'Late', 'red');
    expect(textsOf(await late.next())).toEqual(['red only']);
  });

  it('gives a newcomer the last 50 messages', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    for (let at = 1; at <= 53; at++) await say(ada, `message ${at}`, at);
    await using grace = await join(sample, 'Grace');
    const texts = textsOf(await grace.next());
    expect([texts.length, texts[0], texts[49]]).toEqual([50, 'message 4', 'message 53']);
  });

  it('forgets a room that nobody is in', async () => {
    await using sample = await startSample('chat');
    const ada = await enter(sample, 'Ada');
    await say(ada, 'anybody?', 1);
    await ada.close();
    await using grace = await joinOnceFree(sample, 'Ada');
    expect(await grace.next()).toEqual(history([], ['Ada']));
  });

  it('tells the room that somebody left, and frees the name', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    const grace = await enter(sample, 'Grace');
    await ada.next();
    await grace.close();
    expect(await ada.next()).toEqual({ event: 'left', data: { name: 'Grace' } });
    await using again = await join(sample, 'Grace');
    expect(await again.next()).toEqual(history([], ['Ada', 'Grace']));
  });

  it('frees the name of a client that vanishes', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    const grace = await enter(sample, 'Grace');
    await ada.next();
    grace.socket.terminate();
    expect(await ada.next()).toEqual({ event: 'left', data: { name: 'Grace' } });
  });

  it.each([
    ['empty', ''],
    ['blank', ' \n\t '],
    ['over-long', 'x'.repeat(1001)],
    ['missing', undefined],
    ['no text', 7],
  ])('refuses a text that is %s, and goes on', async (_, text) => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    ada.send({ event: 'say', data: { text }, id: 'a' });
    const { id, error } = (await ada.next()) as Frame;
    expect([id, error?.code, error?.issues[0]?.path]).toEqual(['a', 'validation_failed', 'text']);
    ada.send({ event: 'say', data: { text } });
    expect(await ada.next()).toMatchObject({ event: 'exception', data: { code: 'validation_failed' } });
    await say(ada, 'x'.repeat(1000), 'b');
    expect(ada.untaken).toEqual([]);
  });

  it.each([
    ['missing', '/chat/blue'],
    ['empty', '/chat/blue?name='],
    ['blank', '/chat/blue?name=%20%20'],
    ['over-long', `/chat/blue?name=${'x'.repeat(33)}`],
    ['given twice', '/chat/blue?name=Ada&name=Grace'],
  ])('refuses the upgrade with 422 when the name is %s', async (_, path) => {
    await using sample = await startSample('chat');
    const response = await rawUpgrade(sample.url + path);
    expect(response.status).toBe(422);
    const { statusCode, code, issues } = response.json() as unknown as Refusal;
    expect([statusCode, code, issues[0]?.path]).toEqual([422, 'validation_failed', 'name']);
  });

  it('refuses the upgrade with 409 when the name is taken in that room, in any case', async () => {
    await using sample = await startSample('chat');
    await using _ada = await enter(sample, 'Ada', 'blue');
    for (const name of ['Ada', 'ada', '%20ADA%20']) {
      const response = await rawUpgrade(`${sample.url}/chat/blue?name=${name}`);
      expect([response.status, response.json().code]).toEqual([409, 'conflict']);
    }
    await using _other = await enter(sample, 'Ada', 'red');
  });

  it('lets one of several in that ask for a name at the same time', async () => {
    await using sample = await startSample('chat');
    const ask = () => rawUpgrade(`${sample.url}/chat/blue?name=Ada`);
    const answers = await Promise.all([ask(), ask(), ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([101, 409, 409, 409, 409]);
  });

  it('frees a reserved name when the upgrade never becomes a connection', () => {
    const chat = new ChatService();
    const seat = chat.reserve('blue', 'Ada') as Seat;
    expect([seat.name, chat.reserve('blue', 'Ada'), chat.names('blue')]).toEqual(['Ada', undefined, []]);
    expect(chat.leave(seat)).toBe(false);
    expect(chat.reserve('blue', 'Ada')?.name).toBe('Ada');
  });

  it('trims names and texts', async () => {
    await using sample = await startSample('chat');
    await using ada = await join(sample, '%20Ada%20');
    expect(await ada.next()).toEqual(history([], ['Ada']));
    ada.send({ event: 'say', data: { text: '  Hello  ' } });
    expect(await ada.next()).toMatchObject({ data: { from: 'Ada', text: 'Hello' } });
  });

  it('says over HTTP who is in a room', async () => {
    await using sample = await startSample('chat');
    await using _ada = await enter(sample, 'Ada', 'blue');
    const names = async (room: string) => (await fetch(`${sample.url}/rooms/${room}`)).json();
    expect([await names('blue'), await names('red')]).toEqual([{ names: ['Ada'] }, { names: [] }]);
  });
});

describe('samples/validation', () => {
  it('shows what the client is told for each mistake', async () => {
    await using sample = await startSample('validation');
    const answers = answersIn(await runScript('samples/validation/client.ts', sample.url));
    expect(Object.fromEntries(answers)).toEqual({
      'a good order': ['2 pieces'],
      'an unknown property is stripped, wherever it is': ['2 pieces'],
      'no data': [' isObject'],
      'a list instead of an object': [' isObject'],
      'a missing property': ['email isEmail'],
      'a nested object is missing': ['address isDefined'],
      'a property of a nested object': ['address.postcode matches', 'address.country isIn'],
      'a text instead of a nested object': ['address nestedValidation'],
      'an empty list': ['items arrayMinSize'],
      'an element of a list': ['items.1.article matches', 'items.1.quantity min'],
      'a number as text is no number': [
        'items.0.quantity max',
        'items.0.quantity min',
        'items.0.quantity isInt',
      ],
      'null in a list': ['items.0 nestedValidation'],
      'a list of texts with a number': ['notes maxLength', 'notes isString'],
      'a frame that is no envelope': ['bad_frame'],
    });
  });

  it('hands the handler what the DTOs declare and nothing else', async () => {
    await using sample = await startSample('validation');
    await using client = await Client.connect(`${sample.url}/orders`);
    const order = {
      email: 'ada@example.com',
      address: { street: '12 Engine Row', postcode: '10115', country: 'DE' },
      items: [{ article: 'COG-001', quantity: 2 }],
    };
    const [item] = order.items;
    const padded = {
      ...order,
      isPaid: true,
      address: { ...order.address, x: 1 },
      items: [{ ...item, price: 0 }],
    };
    expect(await client.request('order', padded, 1)).toEqual({ id: 1, data: { pieces: 2, order } });
  });
});

describe('samples/testing', () => {
  it('lets in whoever bought a ticket', async () => {
    await using sample = await startSample('testing');
    const bought = await fetch(`${sample.url}/tickets`, { method: 'POST' });
    const { ticket } = (await bought.json()) as { ticket: string };
    const path = `${sample.url}/chat/blue?ticket=${ticket}`;
    await using client = await Client.connect(path);
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({
      id: 1,
      data: { text: 'hi', at: ISO_TIME },
    });
    expect((await rawUpgrade(path)).status).toBe(403);
  });

  it('passes its spec under bun test too', async () => {
    const child = Bun.spawn([process.execPath, 'test', 'samples/testing'], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      stderr: 'pipe',
    });
    const output = await new Response(child.stderr).text();
    expect(output).toMatch(/^ *6 pass\n *0 fail/m);
    expect(await child.exited).toBe(0);
  });
});

describe('samples/authentication', () => {
  const signIn = (sample: Sample, name: string, password: string) =>
    fetch(`${sample.url}/sign-in`, { method: 'POST', body: JSON.stringify({ name, password }) });
  const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

  it('lets a browser in by the cookie of its session, until it signs out', async () => {
    await using sample = await startSample('authentication');
    const cookie = cookieOf(await signIn(sample, 'ada', 'engine'));
    await using ada = await Client.connect(`${sample.url}/notices`, { headers: { cookie } });
    const notice = { id: 1, text: 'Tea at five', by: 'ada' };
    expect(await ada.request('pin', { text: 'Tea at five' }, 1)).toEqual({ id: 1, data: notice });
    await fetch(`${sample.url}/sign-out`, { method: 'POST', headers: { cookie } });
    ada.send({ event: 'remove', data: { id: 1 } });
    expect(await ada.closed()).toMatchObject({ code: 4401 });
    expect((await rawUpgrade(`${sample.url}/notices`, { headers: { cookie } })).status).toBe(401);
  });

  it('lets a program in by its token, for the events of its roles', async () => {
    await using sample = await startSample('authentication');
    const { token } = (await (await signIn(sample, 'grace', 'compiler')).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    await using grace = await Client.connect(`${sample.url}/notices`, { headers });
    expect(await grace.request('list', null, 1)).toEqual({ id: 1, data: [] });
    expect(await grace.request('pin', { text: 'Mine' }, 2)).toMatchObject({ error: { code: 'forbidden' } });
  });

  it('refuses a wrong password, and whoever has not signed in', async () => {
    await using sample = await startSample('authentication');
    const answers = [
      signIn(sample, 'ada', 'compiler'),
      signIn(sample, 'ada', ''),
      signIn(sample, 'bob', 'x'),
    ];
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401, 401]);
    const refusal = await rawUpgrade(`${sample.url}/notices`);
    expect([refusal.status, refusal.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });
});

describe('samples/monitoring', () => {
  it('tells its numbers beside those of the server, and is out of the rotation once it is over', async () => {
    await using sample = await startSample('monitoring');
    await using client = await Client.connect(`${sample.url}/auction`);
    for (const euros of [5, 50, 20]) await client.request('bid', { euros }, `bid ${euros}`);
    const metrics = await scrape(sample.url);
    expect(metrics.value('auction_bids_total', { outcome: 'taken' })).toBe(2);
    expect(metrics.value('auction_bids_total', { outcome: 'too_low' })).toBe(1);
    expect(metrics.value('auction_highest_bid_euros')).toBe(50);
    expect(metrics.value('auction_raise_euros_sum')).toBe(50);
    expect(metrics.value('gatewire_messages_received_total', { route: '/auction' })).toBe(3);
    expect((await fetch(`${sample.url}/readyz`)).status).toBe(200);
    await client.request('close', null, 'close');
    expect((await fetch(`${sample.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${sample.url}/healthz`)).status).toBe(200);
  });
});

function join(sample: Sample, name: string, room = 'blue'): Promise<Client> {
  return Client.connect(`${sample.url}/chat/${room}?name=${name}`);
}

/** Joins a room and takes the history. */
async function enter(sample: Sample, name: string, room = 'blue'): Promise<Client> {
  const client = await join(sample, name, room);
  await client.next();
  return client;
}

/** Joins under a name that is being given up: the server may hear of the close a little later. */
async function joinOnceFree(sample: Sample, name: string): Promise<Client> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await join(sample, name);
    } catch (error) {
      if (attempt === 100) throw error;
    }
  }
}

/** Says something and takes its two frames, the message and the reply. */
async function say(client: Client, text: string, id: string | number): Promise<void> {
  client.send({ event: 'say', data: { text }, id });
  const frames = await client.take(2);
  expect(frames).toContainEqual({ id, data: null });
}

function history(messages: unknown[], names: string[]) {
  return { event: 'history', data: { messages, names } };
}

function textsOf(frame: unknown): string[] {
  return (frame as { data: { messages: { text: string }[] } }).data.messages.map(({ text }) => text);
}

/** From what client.ts printed: the heading of each frame, and its answer in short. */
function answersIn(output: string): [string, string[]][] {
  return [...output.matchAll(/^# (.+)\n→ .*\n← (.+)$/gm)].map(([, about = '', answer = '']) => {
    const { data, error } = JSON.parse(answer) as Frame;
    if (error !== undefined) return [about, error.issues.map(({ path, rule }) => `${path} ${rule}`)];
    const { pieces, code } = data as { pieces?: number; code?: string };
    return [about, [code ?? `${pieces} pieces`]];
  });
}
