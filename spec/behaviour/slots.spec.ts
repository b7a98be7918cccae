import { type as arktype } from 'arktype';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsBoolean,
  IsDate,
  IsEnum,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Validate,
  ValidateNested,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import {
  Cookies,
  Handshake,
  Headers,
  MessageBody,
  OnMessage,
  OnOpen,
  OnPing,
  Param,
  Parse,
  Query,
  Returns,
  Transform,
  TransformMessage,
  WebSocketRoute,
} from 'gatewire';
import * as valibot from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { serve } from '../support/application.ts';
import type { ConnectOptions } from '../support/client.ts';
import { rawUpgrade } from '../support/raw.ts';

/** Turns of the event loop that an asynchronous check takes before it answers. */
const later = () => new Promise<void>(resolve => setImmediate(resolve));

@ValidatorConstraint({ async: true })
class IsEven implements ValidatorConstraintInterface {
  async validate(value: unknown) {
    await later();
    return typeof value === 'number' && value % 2 === 0;
  }

  defaultMessage() {
    return 'must be even';
  }
}

class Count {
  @IsInt()
  count!: number;

  @IsInt()
  size = 10;
}

class EvenCount extends Count {
  @Validate(IsEven)
  declare count: number;
}

const isEven = async (count: number) => {
  await later();
  return count % 2 === 0;
};
const zodCount = z.object({ count: z.coerce.number(), size: z.coerce.number().default(10) });
const valibotNumber = valibot.pipe(
  valibot.union([valibot.string(), valibot.number()]),
  valibot.transform(Number),
);
const valibotCount = valibot.object({
  count: valibot.pipe(valibotNumber, valibot.number()),
  size: valibot.optional(valibotNumber, 10),
});

type DeclaredType = Parameters<typeof Query>[0] & object;

/** Types that all want an even `count` and give a `size` of 10 by default; the name says who checks it. */
const TYPES: Readonly<Record<string, DeclaredType>> = {
  'a DTO class': () => Count,
  'a DTO class with an asynchronous constraint': () => EvenCount,
  'a zod schema': zodCount,
  'an asynchronous zod schema': zodCount.refine(({ count }) => isEven(count), { path: ['count'] }),
  'a valibot schema': valibotCount,
  'an asynchronous valibot schema': valibot.objectAsync({
    ...valibotCount.entries,
    count: valibot.pipeAsync(valibotCount.entries.count, valibot.checkAsync(isEven)),
  }),
  'an arktype schema': arktype({
    count: arktype('string.integer.parse | number.integer'),
    size: 'number = 10',
    '+': 'delete',
  }),
};

/** How the four parts of an upgrade request are declared and sent. */
const SLOTS: readonly (readonly [
  name: string,
  decorator: (type: DeclaredType) => ParameterDecorator,
  send: (count: string) => readonly [path: string, options: ConnectOptions],
])[] = [
  ['params', type => Param(type), count => [`/${count}`, {}]],
  ['query', type => Query(type), count => [`/0?count=${count}`, {}]],
  ['headers', type => Headers(type), count => ['/0', { headers: { Count: count } }]],
  ['cookies', type => Cookies(type), count => ['/0', { headers: { Cookie: `other=1; count=${count}` } }]],
];

/** A controller that answers what it was given, at each of its hooks that may take it. */
function controllerOf(decorate: ParameterDecorator) {
  @WebSocketRoute('/:count')
  class SlotController {
    @OnOpen()
    open(@decorate value: unknown) {
      return value;
    }

    @OnMessage()
    message(@decorate value: unknown) {
      return value;
    }
  }
  return SlotController;
}

const issuesAt = (path: string) => [
  { path, rule: expect.any(String), message: expect.stringMatching(/.{4,}/) },
];

for (const [slot, decorator, send] of SLOTS) {
  describe(`the ${slot}`, () => {
    it.each(Object.entries(TYPES))('are converted and checked by %s', async (_name, type) => {
      await using server = await serve([controllerOf(decorator(type))]);
      await using client = await server.connect(...send('4'));
      client.send('go');
      expect(await client.take(2)).toEqual([
        { count: 4, size: 10 },
        { count: 4, size: 10 },
      ]);
    });

    it.each(Object.entries(TYPES))(
      'refuse the upgrade with 422 where %s finds issues',
      async (name, type) => {
        await using server = await serve([controllerOf(decorator(type))]);
        const [path, { headers = {} }] = send(name.includes('asynchronous') ? '5' : 'five');
        const response = await rawUpgrade(server.url + path, { headers });
        expect(response.status).toBe(422);
        expect(response.headers['content-type']).toContain('application/json');
        expect(response.json()).toEqual({
          statusCode: 422,
          code: 'validation_failed',
          message: 'Validation failed',
          issues: issuesAt('count'),
        });
        expect(server.log).toEqual([]);
      },
    );
  });
}

describe('the body', () => {
  it.each(Object.entries(TYPES))(
    'is checked by %s, and a failure leaves the connection open',
    async (name, type) => {
      @WebSocketRoute('/plain')
      class PlainController {
        @OnMessage()
        take(@MessageBody(type) body: unknown) {
          return body;
        }
      }
      @WebSocketRoute('/events')
      class EventsController {
        @OnMessage('count')
        take(@MessageBody(type) body: unknown) {
          return body;
        }
      }
      const bad = { count: name.includes('asynchronous') ? 5 : 'five' };
      const refused = { code: 'validation_failed', message: 'Validation failed', issues: issuesAt('count') };
      await using server = await serve([PlainController, EventsController]);
      await using plain = await server.connect('/plain');
      for (const frame of [{ count: 4 }, bad, { count: 6, size: 1 }]) plain.send(frame);
      expect(await plain.take(3)).toEqual([
        { count: 4, size: 10 },
        { error: refused },
        { count: 6, size: 1 },
      ]);
      await using events = await server.connect('/events');
      for (const [at, data] of [{ count: 4 }, bad, bad].entries()) {
        events.send({ event: 'count', data, ...(at === 2 ? {} : { id: at }) });
      }
      expect(await events.take(3)).toEqual([
        { id: 0, data: { count: 4, size: 10 } },
        { id: 1, error: refused },
        { event: 'exception', data: { status: 'error', ...refused } },
      ]);
      expect(server.log).toEqual([]);
    },
  );
});

describe('the response', () => {
  it.each(Object.entries(TYPES))('is checked and serialised by %s', async (name, type) => {
    @WebSocketRoute('/')
    class ResponseController {
      @OnMessage('count')
      @(Returns(type as never) as MethodDecorator)
      count(@MessageBody(() => Object) body: unknown) {
        return body;
      }
    }
    await using server = await serve([ResponseController]);
    await using client = await server.connect('/');
    client.send({ event: 'count', data: { count: 4, size: 10 } });
    client.send({ event: 'count', data: { count: name.includes('asynchronous') ? 5 : 's3cret' } });
    expect(await client.take(2)).toEqual([
      { event: 'count', data: { count: 4, size: 10 } },
      { event: 'exception', data: { status: 'error', code: 'internal', message: 'Internal server error' } },
    ]);
    expect(server.log).toMatchObject([
      { level: 'error', facts: { error: { name: 'OutgoingError', issues: issuesAt('count') } } },
    ]);
  });
});

enum Level {
  Low,
  High,
}

enum Mood {
  Good = 'good',
  Bad = 'bad',
}

class Range {
  @IsInt()
  from!: number;

  @IsInt()
  to = 9;
}

class Search {
  @IsOptional()
  @IsNumber()
  price?: number;

  @IsOptional()
  @IsBoolean()
  quiet?: boolean;

  @IsOptional()
  @IsString({ each: true })
  tags?: string[];

  @IsOptional()
  @Type(() => Number)
  @IsInt({ each: true })
  ids?: number[];

  @IsOptional()
  @Type(() => Number)
  @IsInt({ each: true })
  unique?: Set<number>;

  @IsOptional()
  @IsDate()
  @Type(() => Date)
  since?: Date;

  @IsOptional()
  @IsEnum(Level)
  level?: Level;

  @IsOptional()
  @IsEnum(Mood, { each: true })
  moods?: Mood[];

  @IsOptional()
  @ValidateNested()
  @Type(() => Range)
  range?: Range;

  @IsInt()
  page = 1;

  @IsIn(['asc', 'desc'])
  order = 'asc';
}

describe('a text', () => {
  @WebSocketRoute('/')
  class SearchController {
    @Parse()
    parse({ query }: Handshake) {
      const { range } = query;
      return typeof range === 'string' ? { query: { ...query, range: { from: range } } } : undefined;
    }

    @OnOpen()
    open(@Query() { since, unique, range, ...search }: Search) {
      return {
        ...search,
        ...(since && { since: since.getTime() }),
        ...(unique && { unique: [...unique] }),
        ...(range && { range, isRange: range instanceof Range }),
      };
    }
  }

  it.each([
    ['', {}],
    ['price=-1.5e1', { price: -15 }],
    ['quiet=true', { quiet: true }],
    ['quiet=0', { quiet: false }],
    ['tags=a', { tags: ['a'] }],
    ['tags=a&tags=b', { tags: ['a', 'b'] }],
    ['ids=3', { ids: [3] }],
    ['ids=3&ids=4', { ids: [3, 4] }],
    ['unique=3&unique=3', { unique: [3] }],
    ['since=2026-01-02T03:04:05Z', { since: Date.UTC(2026, 0, 2, 3, 4, 5) }],
    ['level=1', { level: Level.High }],
    ['moods=bad&moods=good', { moods: ['bad', 'good'] }],
    ['page=2&order=desc', { page: 2, order: 'desc' }],
    ['range=3', { range: { from: 3, to: 9 }, isRange: true }],
    ['unknown=1&__proto__=2&constructor=3', {}],
  ])('%j becomes what the DTO declares', async (query, expected) => {
    await using server = await serve([SearchController]);
    await using client = await server.connect(`/?${query}`);
    expect(await client.next()).toEqual({ page: 1, order: 'asc', ...expected });
  });

  it.each([
    ['price=', 'price'],
    ['price=0x10', 'price'],
    ['price=1&price=2', 'price'],
    ['quiet=yes', 'quiet'],
    ['ids=3&ids=x', 'ids.1'],
    ['since=2026-02-30', 'since'],
    ['level=High', 'level'],
    ['moods=worse', 'moods.0'],
    ['page=1.5', 'page'],
    ['order=up', 'order'],
    ['range=x', 'range.from'],
  ])('%j is refused at its path', async (query, path) => {
    await using server = await serve([SearchController]);
    const response = await rawUpgrade(`${server.url}/?${query}`);
    expect(response.status).toBe(422);
    expect(response.json().issues).toEqual(issuesAt(path));
  });

  it('of one key is what a schema makes of it', async () => {
    @WebSocketRoute('/:id')
    class KeyController {
      @OnOpen()
      open(
        @Query('page', z.coerce.number().int().max(9)) page: number,
        @Query('size', z.coerce.number().default(10)) size: number,
        @Query('tag', z.array(z.string()).optional()) tags: string[] | undefined,
        @Param('id', arktype('string.integer.parse')) id: number,
        @Headers('X-Mode', valibot.picklist(['dark', 'light'])) mode: string,
        @Cookies(
          'seat',
          z.string().transform(async seat => seat.toUpperCase()),
        )
        seat: string,
      ) {
        return { page, size, tags, id, mode, seat };
      }
    }
    await using server = await serve([KeyController]);
    const headers = { 'X-Mode': 'dark', Cookie: 'seat=b7' };
    await using client = await server.connect('/12?page=4&tag=a&tag=b', { headers });
    expect(await client.next()).toEqual({
      page: 4,
      size: 10,
      tags: ['a', 'b'],
      id: 12,
      mode: 'dark',
      seat: 'B7',
    });
    const response = await rawUpgrade(`${server.url}/x?page=44&tag=a`, { headers: { 'X-Mode': 's3cret' } });
    expect(response.status).toBe(422);
    expect(response.body).not.toMatch(/44|s3cret/);
    const paths = (response.json().issues as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(['page', 'tag', 'id', 'x-mode', 'seat']);
  });
});

class Device {
  @IsOptional()
  @IsString()
  'x-device'?: string;

  @IsOptional()
  @IsString()
  'X-Upper'?: string;

  @IsOptional()
  @IsString()
  'not a name'?: string;

  @IsOptional()
  @IsString()
  unsent?: string;
}

describe('a declared header', () => {
  const answer = async (controller: new () => object, headers: Record<string, string>) => {
    await using server = await serve([controller]);
    await using client = await server.connect('/', { headers });
    return await client.next();
  };

  it('is found by its lower-case name, with all that was sent under it', async () => {
    @WebSocketRoute('/')
    class DeviceController {
      @OnOpen()
      open(@Headers() device: Device, @Headers('x-device') one: string, @Headers('host') host: string) {
        return { device, one, isHost: host.startsWith('127.0.0.1') || host.startsWith('localhost') };
      }
    }
    const sent = { 'X-Device': 'phone', 'X-Upper': 'no', 'x-other': 'no' };
    const device = { 'x-device': 'phone' };
    expect(await answer(DeviceController, sent)).toEqual({ device, one: 'phone', isHost: true });
    expect(await answer(DeviceController, { 'X-Other': 'no' })).toEqual({ device: {}, isHost: true });
  });

  it('is what a hook made of it', async () => {
    @WebSocketRoute('/')
    class DeviceController {
      @Transform()
      change(handshake: Handshake) {
        handshake.headers['x-device'] = `${handshake.headers['x-device']} of ${handshake.query.of}`;
        handshake.query.of = 'nobody';
      }

      @OnOpen()
      open(@Headers() device: Device, @Query('of') of: string) {
        return { device, of };
      }
    }
    await using server = await serve([DeviceController]);
    await using client = await server.connect('/?of=Ada', { headers: { 'X-Device': 'phone' } });
    expect(await client.next()).toEqual({ device: { 'x-device': 'phone of Ada' }, of: 'nobody' });
  });
});

describe('a JSON body', () => {
  class Item {
    @IsString()
    name!: string;
  }

  class Box {
    @ValidateNested()
    @Type(() => Item)
    first!: Item;

    @ValidateNested({ each: true })
    @Type(() => Item)
    @ArrayMaxSize(3)
    items: Item[] = [];

    @IsOptional()
    @ValidateNested()
    @Type(() => Item)
    named?: Map<string, Item>;

    @IsOptional()
    @Type(() => String)
    @IsString({ each: true })
    tags?: Set<string>;

    @IsOptional()
    @IsDate()
    @Type(() => Date)
    at?: Date;

    @IsOptional()
    @IsEnum(Level)
    level?: Level;
  }

  @WebSocketRoute('/')
  class BoxController {
    @OnMessage()
    take({ first, items, named, tags, at, level }: Box) {
      return {
        first,
        isItem: [first, ...items, ...(named?.values() ?? [])].every(item => item instanceof Item),
        items,
        named: named instanceof Map ? [...named] : null,
        tags: tags instanceof Set ? [...tags] : null,
        at: at instanceof Date ? at.getTime() : null,
        level: level ?? null,
      };
    }
  }

  it('becomes nested DTOs, lists of them, maps, sets and dates', async () => {
    await using server = await serve([BoxController]);
    await using client = await server.connect('/');
    client.send({ first: { name: 'a', extra: 1 } });
    client.send(
      `{"first":{"name":"a"},"items":[{"name":"b"},{"name":"c","extra":1}],
        "named":{"d":{"name":"d","extra":1},"__proto__":{"name":"e"}},
        "tags":["x","y","x"],"at":"2026-01-02T00:00:00.000Z","level":1}`,
    );
    const nothing = { named: null, tags: null, at: null, level: null };
    expect(await client.take(2)).toEqual([
      { first: { name: 'a' }, isItem: true, items: [], ...nothing },
      {
        first: { name: 'a' },
        isItem: true,
        items: [{ name: 'b' }, { name: 'c' }],
        named: [['d', { name: 'd' }]],
        tags: ['x', 'y'],
        at: Date.UTC(2026, 0, 2),
        level: 1,
      },
    ]);
  });

  it.each([
    [{ first: { name: 5 } }, ['first.name']],
    [{ first: [{ name: 'a' }] }, ['first']],
    [{ first: { name: 'a' }, items: [{ name: 'b' }, {}, { name: null }] }, ['items.1.name', 'items.2.name']],
    [{ first: { name: 'a' }, items: 'no list' }, ['items']],
    [{ first: { name: 'a' }, named: { k: { name: 5 } } }, ['named.k.name']],
    [{ first: { name: 'a' }, at: 'never' }, ['at']],
    [{ first: { name: 'a' }, level: '1' }, ['level']],
    [[{ first: { name: 'a' } }], ['']],
    ['"text"', ['']],
    ['null', ['']],
  ])('%j is refused at its paths', async (body, paths) => {
    await using server = await serve([BoxController]);
    await using client = await server.connect('/');
    client.send(body);
    const { error } = (await client.next()) as { error?: { code: string; issues: { path: string }[] } };
    expect(error?.code).toBe('validation_failed');
    expect([...new Set(error?.issues.map(({ path }) => path))]).toEqual(paths);
  });
});

describe('what @TransformMessage returns', () => {
  it('is checked as the message; bytes on an events route are the server’s error', async () => {
    const results: readonly unknown[] = [undefined, null, { count: 5 }, { count: 'five' }, new Uint8Array(1)];
    @WebSocketRoute('/')
    class TransformController {
      @TransformMessage('later')
      async later(at: number) {
        return results[at];
      }

      @TransformMessage('now')
      now(at: number) {
        return results[at];
      }

      @OnMessage('later')
      @OnMessage('now')
      take(body: Count) {
        return body.count;
      }
    }
    await using server = await serve([TransformController]);
    await using client = await server.connect('/');
    const invalid = { error: expect.objectContaining({ code: 'validation_failed' }) };
    for (const event of ['later', 'now']) {
      for (const at of results.keys()) client.send({ event, data: at, id: at });
      expect(await client.take(5)).toEqual([
        { id: 0, ...invalid },
        { id: 1, ...invalid },
        { id: 2, data: 5 },
        { id: 3, ...invalid },
        { id: 4, error: { code: 'internal', message: 'Internal server error' } },
      ]);
    }
    expect(server.log.map(({ facts }) => (facts.error as Error).message)).toEqual([
      'TransformController.later() returned bytes on an events route, whose messages are JSON',
      'TransformController.now() returned bytes on an events route, whose messages are JSON',
    ]);
  });
});

describe('an asynchronous check', () => {
  const gates = new Map<string, PromiseWithResolvers<void>>();

  @ValidatorConstraint({ async: true })
  class IsFree implements ValidatorConstraintInterface {
    async validate(name: unknown) {
      await gates.get(String(name))?.promise;
      return name !== 'taken';
    }

    defaultMessage() {
      return 'is taken';
    }
  }

  class Named {
    @IsString()
    @Validate(IsFree)
    name!: string;
  }

  @WebSocketRoute('/')
  class NameController {
    @OnMessage()
    take({ name }: Named) {
      return name;
    }

    @OnPing()
    ping(bytes: Uint8Array) {
      gates.get(new TextDecoder().decode(bytes))?.resolve();
    }
  }

  it('is awaited in order with the other messages of its connection, and holds up no other connection', async () => {
    gates.set('slow', Promise.withResolvers());
    gates.set('taken', Promise.withResolvers());
    gates.get('taken')?.resolve();
    await using server = await serve([NameController]);
    await using client = await server.connect('/');
    await using other = await server.connect('/');
    for (const name of ['slow', 'taken', 'quick']) client.send({ name });
    client.send({ name: 5 });
    other.send({ name: 'other' });
    expect(await other.next()).toBe('other');
    expect(client.untaken).toEqual([]);
    // A ping is handled at once, and comes after every message that was sent before it.
    client.socket.ping('slow');
    const refused = (issue: object) => ({
      error: expect.objectContaining({ issues: [expect.objectContaining(issue)] }),
    });
    expect(await client.take(4)).toEqual([
      'slow',
      refused({ path: 'name', message: 'is taken' }),
      'quick',
      { error: expect.objectContaining({ code: 'validation_failed' }) },
    ]);
  });
});

const SECRET = 's3cret';

describe('a failure', () => {
  class Leaf {
    @IsString({ message: 'not $value' })
    @MaxLength(2, { message: ({ value, property }) => `${property} is ${value}` })
    name!: string;
  }

  class Leaky {
    @MaxLength(2, { message: ({ object }) => JSON.stringify(object) })
    whole!: string;

    @Matches(/^[a-z]$/)
    pattern!: string;

    @IsEnum(Mood)
    mood!: Mood;

    @ValidateNested({ each: true })
    @Type(() => Leaf)
    leaves!: Leaf[];

    @ValidateNested()
    @Type(() => Leaf)
    named!: Map<string, Leaf>;
  }

  const leaf = { name: z.number({ error: ({ input }) => `not ${input}` }) };
  const leaky = z.strictObject({
    whole: z.enum(['a', 'b']),
    pattern: z.string().regex(/^[a-z]$/),
    mood: z.union([z.literal('good'), z.number()]),
    leaves: z.array(z.object(leaf)),
    named: z.record(z.string(), z.object(leaf)),
  });
  const valibotLeaf = valibot.object({ name: valibot.pipe(valibot.string(), valibot.maxLength(2)) });

  const SCHEMAS: Readonly<Record<string, DeclaredType>> = {
    'a DTO class': () => Leaky,
    'a list of DTO classes': () => [Leaky],
    zod: leaky,
    'asynchronous zod': leaky.refine(async ({ whole }) => whole === 'a', {
      error: ({ input }) => JSON.stringify(input),
    }),
    valibot: valibot.strictObject({
      whole: valibot.picklist(['a', 'b']),
      pattern: valibot.pipe(valibot.string(), valibot.regex(/^[a-z]$/)),
      mood: valibot.union([valibot.literal('good'), valibot.number()]),
      leaves: valibot.array(valibotLeaf),
      named: valibot.record(valibot.string(), valibotLeaf),
    }),
    arktype: arktype({
      whole: '"a" | "b"',
      pattern: '/^[a-z]$/',
      mood: '"good" | number',
      leaves: arktype({ name: 'string <= 2' }).array(),
      named: { '[string]': { name: 'string <= 2' } },
    }),
  };

  const hostile = {
    whole: SECRET,
    pattern: `${SECRET}\n    at secret (file.ts:1:1)`,
    mood: SECRET,
    leaves: Array.from({ length: 300 }, () => ({ name: SECRET })),
    named: Object.fromEntries(
      ['k', '\u0001', '"', 'é', '😀'].map(character => [character.repeat(900), { name: SECRET }]),
    ),
  };
  const longKeys = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => ['\u0001'.repeat(250) + at, { name: [SECRET] }]),
  );
  const BODIES: readonly unknown[] = [
    hostile,
    [hostile, hostile],
    { ...hostile, leaves: SECRET, named: longKeys, extra: SECRET },
    { ...hostile, leaves: { length: 1e9 }, named: [SECRET], pattern: { toString: SECRET, valueOf: 1 } },
    { whole: [SECRET], mood: { [Symbol.iterator.toString()]: SECRET }, leaves: [[SECRET]] },
    JSON.parse(
      `{"constructor":{"name":"${SECRET}"},"toJSON":1,"then":"${SECRET}","__proto__":{"whole":"a"}}`,
    ),
    SECRET,
    [[]],
    null,
    JSON.parse(`${'['.repeat(500)}"${SECRET}"${']'.repeat(500)}`),
  ];

  /** What a client may be told: at most 10 issues of path, rule and message, and 4 KiB in all. */
  function expectHarmless(text: string, error: { code?: unknown; message?: unknown; issues?: unknown }) {
    expect(text).not.toContain(SECRET);
    expect(text).not.toMatch(/~standard|node_modules|\.ts:/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    const { issues, ...rest } = error;
    expect(rest).toEqual({ code: 'validation_failed', message: 'Validation failed' });
    expect(issues).toBeInstanceOf(Array);
    expect((issues as unknown[]).length).toBeLessThanOrEqual(10);
    for (const issue of issues as object[]) {
      expect(issue).toEqual({
        path: expect.any(String),
        rule: expect.any(String),
        message: expect.any(String),
      });
    }
  }

  it.each(Object.entries(SCHEMAS))(
    'by %s holds nothing of the message, whatever it is',
    async (_name, type) => {
      @WebSocketRoute('/plain')
      class PlainController {
        @OnMessage()
        take(@MessageBody(type) body: unknown) {
          return body;
        }
      }
      @WebSocketRoute('/events')
      class EventsController {
        @OnMessage('all')
        all(@MessageBody(type) body: unknown) {
          return body;
        }

        @OnMessage('key')
        key(@MessageBody('aPropertyOfTheMessageWithALongName', type) body: unknown) {
          return body;
        }

        @OnMessage('keys')
        keys(@MessageBody('one', type) one: unknown, @MessageBody('two', type) two: unknown) {
          return [one, two];
        }
      }
      const websocket = {
        maxPayloadLength: 2 ** 20,
        maxDepth: 512,
        maxNodes: 2 ** 20,
        maxKeys: 2 ** 20,
        closeAfterInvalid: 0,
      };
      await using server = await serve([PlainController, EventsController], { websocket });
      await using plain = await server.connect('/plain');
      await using events = await server.connect('/events');
      const ids = ['\u0001', '"', 'é', '\ud800'].map(character => character.repeat(64));
      for (const [at, body] of BODIES.entries()) {
        plain.send(JSON.stringify(body));
        const text = (await plain.nextFrame()) as string;
        expectHarmless(text, JSON.parse(text).error);
        for (const [event, data] of [
          ['all', body],
          ['key', { aPropertyOfTheMessageWithALongName: body }],
          ['keys', { one: body, two: body }],
        ] as const) {
          events.send({ event, data, id: ids[at % ids.length] });
          const reply = (await events.nextFrame()) as string;
          expectHarmless(reply, JSON.parse(reply).error);
        }
      }
      expect(server.log).toEqual([]);
    },
  );

  it.each(Object.entries(SCHEMAS).filter(([name]) => !name.includes('list')))(
    'of the upgrade by %s holds nothing of the request',
    async (_name, type) => {
      @WebSocketRoute('/:whole')
      class UpgradeController {
        @OnOpen()
        open(
          @Param(type) params: unknown,
          @Query(type) query: unknown,
          @Headers(type) headers: unknown,
          @Cookies(type) cookies: unknown,
          @Query('whole', z.array(z.literal('x'))) whole: unknown,
        ) {
          return [params, query, headers, cookies, whole];
        }
      }
      await using server = await serve([UpgradeController]);
      const query = new URLSearchParams();
      for (const key of Object.keys(longKeys).slice(0, 40)) query.append(key.slice(-50), SECRET);
      for (const name of ['whole', 'pattern', 'mood', 'leaves', 'named']) query.append(name, SECRET);
      for (let at = 0; at < 20; at++) query.append('whole', SECRET);
      const response = await rawUpgrade(`${server.url}/${SECRET}?${query}`, {
        headers: { whole: SECRET, mood: SECRET, Cookie: `whole=${SECRET}; leaves=${SECRET}` },
      });
      const { statusCode, ...error } = response.json();
      expect([response.status, statusCode]).toEqual([422, 422]);
      expectHarmless(response.body, error);
    },
  );

  it('says nothing but that it failed with disableErrorMessages, and still refuses', async () => {
    @WebSocketRoute('/:count')
    class TerseController {
      @OnOpen()
      open(@Param() params: Count) {
        return params;
      }

      @OnMessage()
      take(@MessageBody('one', () => Count) one: Count, @MessageBody('two', () => Count) two: Count) {
        return [one, two];
      }
    }
    await using server = await serve([TerseController], { validation: { disableErrorMessages: true } });
    const response = await rawUpgrade(`${server.url}/${SECRET}`);
    const refused = { code: 'validation_failed', message: 'Validation failed', issues: [] };
    expect(response.json()).toEqual({ statusCode: 422, ...refused });
    await using client = await server.connect('/4');
    client.send({ one: { count: SECRET }, two: { count: 5 } });
    expect(await client.take(2)).toEqual([{ count: 4, size: 10 }, { error: refused }]);
  });

  it('of several values says how many issues there are in all', async () => {
    @WebSocketRoute('/')
    class ManyController {
      @OnMessage()
      take(
        @MessageBody('one', () => [Count]) one: Count[],
        @MessageBody('two', () => [Count]) two: Count[],
        @MessageBody('three', () => Count) three: Count,
      ) {
        return [one, two, three];
      }
    }
    await using server = await serve([ManyController]);
    await using client = await server.connect('/');
    const bad = Array.from({ length: 20 }, () => ({ count: SECRET }));
    client.send({ one: bad, two: bad, three: {} });
    const { error } = (await client.next()) as { error: { issues: object[] } };
    expect(error.issues).toHaveLength(10);
    expect(error.issues.slice(0, 9)).toEqual(
      Array.from({ length: 9 }, (_, at) =>
        expect.objectContaining({ path: `one.${at}.count`, rule: 'isInt' }),
      ),
    );
    expect(error.issues[9]).toEqual({ path: '', rule: 'truncated', message: 'and 32 more' });
  });
});
