import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { OnClose, OnMessage, OnOpen, type TracingOptions, WebSocketRoute } from 'gatewire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';
import { Child } from '../support/child.ts';
import { Client } from '../support/client.ts';
import { rawUpgrade } from '../support/raw.ts';
import { REMOTE, Spans } from '../support/spans.ts';

@WebSocketRoute('/echo')
class EchoController {
  @OnOpen()
  open() {}

  @OnMessage('echo')
  echo(text: string) {
    return text;
  }

  @OnClose()
  close() {}
}

/** Has a message echoed by an application with this option. */
async function echo(
  tracing?: boolean | TracingOptions,
  options: { readonly metrics?: boolean } = {},
): Promise<void> {
  const given = { ...options, ...(tracing === undefined ? {} : { tracing }) };
  await using server = await serve([EchoController], given);
  await using client = await server.connect('/echo', { headers: { traceparent: REMOTE.traceparent } });
  client.send({ event: 'echo', data: 'hi', traceparent: REMOTE.traceparent });
  expect(await client.next()).toEqual({ event: 'echo', data: 'hi' });
}

const ALL = ['@OnOpen /echo', 'GET /echo', 'echo /echo', '@OnClose /echo'];

describe('the option tracing', () => {
  it('makes spans without being given, where a tracer provider is registered', async () => {
    using spans = new Spans();
    await echo();
    expect(spans.names).toEqual(ALL);
  });

  it('makes them where there are metrics, too', async () => {
    using spans = new Spans();
    await echo(true, { metrics: true });
    expect(spans.names).toEqual(ALL);
  });

  it('makes none where false', async () => {
    using spans = new Spans();
    await echo(false);
    expect(spans.names).toEqual([]);
  });

  it('makes none where the provider comes after listen(), unless it is true', async () => {
    for (const [option, names] of [
      [undefined, []],
      [true, ALL],
    ] as const) {
      await using server = await serve([EchoController], option === undefined ? {} : { tracing: option });
      using spans = new Spans();
      const client = await server.connect('/echo');
      client.send({ event: 'echo', data: 'hi' });
      await client.next();
      await client.close();
      await server.app.close();
      expect(spans.names).toEqual(names);
    }
  });

  it('links what a client sends with publicEndpoint, instead of letting it be the parent', async () => {
    using spans = new Spans();
    await echo({ publicEndpoint: true });
    const upgrade = await spans.find('GET /echo');
    const message = await spans.find('echo /echo');
    expect(upgrade.parentSpanContext).toBeUndefined();
    expect(upgrade.links.map(({ context }) => context.spanId)).toEqual([REMOTE.spanId]);
    expect(message.parentSpanContext).toBeUndefined();
    expect(message.links.map(({ context }) => context.spanId)).toEqual([
      upgrade.spanContext().spanId,
      REMOTE.spanId,
    ]);
  });

  it.each([
    [
      'on',
      'createApplication(): option "tracing" has a value it cannot take (got "on"). Give it true, false or { publicEndpoint }',
    ],
    [
      { publicEndpoint: 1 },
      'option "publicEndpoint" has a value it cannot take (got 1). Give it true or false',
    ],
    [{ public: true }, 'there is no option "public". The options are publicEndpoint'],
  ])('is a configuration mistake as %j', async (tracing, message) => {
    expect(await mistakesOf([], { tracing: tracing as unknown as boolean })).toContain(message);
  });
});

describe('without @opentelemetry/api', () => {
  let folder: string;
  let main: string;

  // Bundled without it into a folder whose `node_modules` is empty; without that one Bun would install what is missing.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewire-untraced-'));
    main = join(folder, 'main.js');
    await mkdir(join(folder, 'node_modules'));
    const bundle = ['build', '--target', 'bun', '--external', '@opentelemetry/api', '--outfile', main];
    const build = Bun.spawn([process.execPath, ...bundle, 'spec/support/tracing-server.ts'], {
      cwd: join(import.meta.dirname, '../..'),
      stdout: 'ignore',
      stderr: 'pipe',
    });
    if ((await build.exited) !== 0) throw new Error(await new Response(build.stderr).text());
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('there is no tracing, and nothing says so', async () => {
    await using child = Child.bun(main);
    await using client = await Client.connect(`${await child.value<string>('url')}/echo`);
    client.send({ event: 'echo', data: 'hi' });
    expect(await client.next()).toEqual({ event: 'echo', data: 'hi' });
    expect(child.lines).toHaveLength(1);
  });

  it('tracing: true does not start, and says what to install', async () => {
    await using child = Child.bun(main, { TRACING: 'true' });
    expect((await child.exited()).code).toBe(1);
    expect(await child.value('failed')).toContain(
      'createApplication() option "tracing": @opentelemetry/api is not installed. Run: bun add @opentelemetry/api [GATEWIRE_MISSING_PACKAGE]',
    );
  });
});

describe('with @opentelemetry/api and no tracer provider', () => {
  it('it is not loaded', async () => {
    await using child = Child.bun('tracing-server.ts');
    expect(await child.value('loaded')).toEqual([]);
  });

  it('it is where spans are asked for', async () => {
    await using child = Child.bun('tracing-server.ts', { TRACING: 'true' });
    expect(await child.value('loaded')).not.toEqual([]);
  });
});

describe('an SDK that throws', () => {
  const broken = () => {
    throw new Error('the collector is gone');
  };

  it.each([
    ['a sampler', { sampler: { shouldSample: broken, toString: () => 'broken' } }],
    [
      'a processor',
      {
        processors: [
          { onStart: broken, onEnd: broken, forceFlush: async () => {}, shutdown: async () => {} },
        ],
      },
    ],
  ])('costs its spans, one log line, and nothing else: %s', async (_name, parts) => {
    using _spans = new Spans(parts);
    await using server = await serve([EchoController]);
    await using client = await server.connect('/echo');
    for (const text of ['a', 'b']) {
      client.send({ event: 'echo', data: text });
      expect(await client.next()).toEqual({ event: 'echo', data: text });
    }
    expect((await rawUpgrade(`${server.url}/echo`)).status).toBe(101);
    expect(server.log).toMatchObject([
      {
        level: 'error',
        facts: { error: { message: 'the collector is gone' } },
        message: expect.stringContaining('tracing'),
      },
    ]);
  });
});

describe('a program without a context manager', () => {
  it('has its spans, of which nothing nests', async () => {
    const exporter = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
    await echo();
    trace.disable();
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(ALL);
  });
});
