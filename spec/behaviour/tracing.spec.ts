import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { IsString } from 'class-validator';
import {
  BeforeHandle,
  type CallHandler,
  type CanActivate,
  EventContext,
  type ExecutionContext,
  Handshake,
  Injectable,
  MessageBody,
  type NestInterceptor,
  OnAuth,
  OnClose,
  OnMessage,
  OnOpen,
  ParseMessage,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { rawUpgrade } from '../support/raw.ts';
import { REMOTE, Spans } from '../support/spans.ts';
import { Stage } from '../support/stage.ts';

let spans: Spans;

beforeEach(() => {
  spans = new Spans();
});

afterEach(() => spans[Symbol.dispose]());

/** A span of the program's own, with nothing said of what it is part of. */
function ownSpan(name: string): void {
  trace.getTracer('spec').startSpan(name).end();
}

class Say {
  @IsString() text!: string;
}

@WebSocketRoute('/chat/:room', { concurrency: 2 })
class ChatController {
  static stage = new Stage();

  @OnOpen()
  async open() {
    await null;
    ownSpan('in open');
  }

  @OnMessage('say')
  say(body: Say) {
    ownSpan('in say');
    return body.text;
  }

  @OnMessage('stage')
  async stage(name: string) {
    await ChatController.stage.run(name);
    ownSpan(`in ${name}`);
    return name;
  }

  @OnMessage('refuse')
  refuse() {
    throw new WsException('no seat', 'no_seat');
  }

  @OnMessage('fail')
  async fail() {
    await null;
    throw new Error('broken');
  }

  @OnMessage('stream')
  async *stream(count: number) {
    for (let at = 0; at < count; at++) {
      await null;
      ownSpan('in stream');
      yield at;
    }
  }

  @OnMessage('*')
  other(@MessageBody(() => Object) _data: unknown) {
    return 'other';
  }

  @OnClose()
  async close() {
    await null;
    ownSpan('in close');
  }
}

describe('the span of an upgrade', () => {
  it('is named by method and route, with the path and without the query', async () => {
    await using server = await serve([ChatController]);
    await using _client = await server.connect('/chat/blue?token=S3CR');
    const span = await spans.find('GET /chat/:room');
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/chat/:room',
      'http.response.status_code': 101,
      'url.path': '/chat/blue',
      'url.scheme': 'http',
      'network.protocol.name': 'http',
      'gatewire.route': 'ChatController',
    });
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.instrumentationScope.name).toBe('gatewire');
    expect(JSON.stringify(spans.ended.map(({ attributes, name }) => ({ attributes, name })))).not.toContain(
      'S3CR',
    );
  });

  it('has the traceparent header as its parent', async () => {
    await using server = await serve([ChatController]);
    await using _client = await server.connect('/chat/blue', {
      headers: { traceparent: REMOTE.traceparent },
    });
    const span = await spans.find('GET /chat/:room');
    expect(span.spanContext().traceId).toBe(REMOTE.traceId);
    expect(span.parentSpanContext).toMatchObject({ spanId: REMOTE.spanId, isRemote: true });
  });

  it('is around the hooks of the upgrade, asynchronous ones too', async () => {
    @WebSocketRoute('/hooks')
    class HooksController {
      @BeforeHandle()
      async before() {
        await null;
        ownSpan('in before');
      }
    }
    await using server = await serve([HooksController]);
    await using _client = await server.connect('/hooks');
    const span = await spans.find('GET /hooks');
    const own = await spans.find('in before');
    expect(own.parentSpanContext?.spanId).toBe(span.spanContext().spanId);
  });

  it('has the status of a refusal, and what was thrown where it is the server’s fault', async () => {
    @WebSocketRoute('/:how')
    class RefusingController {
      @BeforeHandle()
      before(handshake: Handshake) {
        if (handshake.params.how === 'sign-in') throw new UnauthorizedException();
        if (handshake.params.how === 'broken') throw new Error('broken');
        return handshake.params.how !== 'forbidden';
      }
    }
    await using server = await serve([RefusingController]);
    for (const [path, status] of [
      ['/forbidden', 403],
      ['/sign-in', 401],
      ['/broken', 500],
    ] as const) {
      expect((await rawUpgrade(server.url + path)).status).toBe(status);
    }
    const foreign = await rawUpgrade(`${server.url}/ok`, { headers: { Origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    const refused = spans.ended.map(({ attributes, status, events }) => [
      attributes['url.path'],
      attributes['http.response.status_code'],
      attributes['error.type'],
      status.code,
      events.map(event => event.attributes?.['exception.message']),
    ]);
    expect(refused).toEqual([
      ['/forbidden', 403, 'forbidden', SpanStatusCode.UNSET, []],
      ['/sign-in', 401, 'unauthenticated', SpanStatusCode.UNSET, []],
      ['/broken', 500, 'internal', SpanStatusCode.ERROR, ['broken']],
      ['/ok', 403, 'origin_denied', SpanStatusCode.UNSET, []],
    ]);
  });

  it('is not made for a path without a route', async () => {
    await using server = await serve([ChatController]);
    expect((await rawUpgrade(`${server.url}/nowhere`)).status).toBe(404);
    expect(spans.names).toEqual([]);
  });
});

describe('the span of a message', () => {
  it('is named by event and route, in a trace of its own, linked to the upgrade', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat/blue');
    expect(await client.request('say', { text: 'S3CR' }, 1)).toEqual({ id: 1, data: 'S3CR' });
    const upgrade = await spans.find('GET /chat/:room');
    const span = await spans.find('say /chat/:room');
    expect(span.kind).toBe(SpanKind.CONSUMER);
    expect(span.attributes).toEqual({
      'messaging.system': 'websocket',
      'messaging.operation.type': 'process',
      'messaging.operation.name': 'say',
      'messaging.destination.name': '/chat/:room',
      'code.function.name': 'ChatController.say',
      'gatewire.route': 'ChatController',
      'gatewire.connection.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.spanContext().traceId).not.toBe(upgrade.spanContext().traceId);
    expect(span.links.map(link => link.context.spanId)).toEqual([upgrade.spanContext().spanId]);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('has the traceparent of the envelope as its parent, and the link still', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat/blue');
    client.send({
      event: 'say',
      data: { text: 'hi' },
      id: 1,
      traceparent: REMOTE.traceparent,
      tracestate: 'a=b',
    });
    await client.next();
    const span = await spans.find('say /chat/:room');
    expect(span.parentSpanContext).toMatchObject({ spanId: REMOTE.spanId, isRemote: true });
    expect(span.spanContext()).toMatchObject({ traceId: REMOTE.traceId });
    expect(span.spanContext().traceState?.serialize()).toBe('a=b');
    expect(span.links).toHaveLength(1);
  });

  it.each([
    7,
    null,
    {},
    [],
    'x',
    '',
    REMOTE.traceparent.replace('00-', 'ff-'),
    `${REMOTE.traceparent}${'0'.repeat(600)}`,
  ])('begins a trace of its own where the traceparent is %j', async traceparent => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat/blue');
    client.send({ event: 'say', data: { text: 'hi' }, id: 1, traceparent });
    expect(await client.next()).toEqual({ id: 1, data: 'hi' });
    expect((await spans.find('say /chat/:room')).parentSpanContext).toBeUndefined();
  });

  it('takes the traceparent that @ParseMessage gives', async () => {
    @WebSocketRoute('/own')
    class OwnController {
      @ParseMessage()
      parse(frame: string) {
        const [event, traceparent] = frame.split(' ');
        return { event, traceparent };
      }

      @OnMessage('ping')
      ping() {
        return 'pong';
      }
    }
    await using server = await serve([OwnController]);
    await using client = await server.connect('/own');
    client.send(`ping ${REMOTE.traceparent}`);
    await client.next();
    expect((await spans.find('ping /own')).spanContext().traceId).toBe(REMOTE.traceId);
  });

  it('is the parent of the spans that its handler makes, before and after an await', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat/blue');
    await client.request('say', { text: 'hi' }, 1);
    ChatController.stage.finish('nested');
    await client.request('stage', 'nested', 2);
    for (const [own, of] of [
      ['in say', 'say /chat/:room'],
      ['in nested', 'stage /chat/:room'],
    ] as const) {
      const parent = (await spans.find(of)).spanContext();
      expect((await spans.find(own)).parentSpanContext).toMatchObject({ spanId: parent.spanId });
    }
  });

  it('ends with its handler, and is no part of another one that is handled meanwhile or before', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat/blue');
    // Two are handled at a time; the third waits in the queue.
    for (const name of ['a', 'b', 'c']) client.send({ event: 'stage', data: name, id: name });
    await ChatController.stage.reached('start b');
    expect(spans.names).not.toContain('stage /chat/:room');
    for (const name of ['b', 'c', 'a']) {
      ChatController.stage.finish(name);
      expect(await client.next()).toEqual({ id: name, data: name });
    }
    await spans.find('stage /chat/:room', 3);
    const handled = spans.ended.filter(({ name }) => name === 'stage /chat/:room');
    expect(new Set(handled.map(span => span.spanContext().traceId)).size).toBe(3);
    const own = ['b', 'c', 'a'].map(name => spans.ended.find(span => span.name === `in ${name}`));
    expect(own.map(span => span?.parentSpanContext?.spanId)).toEqual(
      handled.map(span => span.spanContext().spanId),
    );
  });

  it('is around guards, interceptors, services and the stream that a handler returns', async () => {
    @Injectable()
    class Audit {
      constructor(private readonly context: EventContext) {}
      note(where: string) {
        ownSpan(`in ${where} of ${this.context.event}`);
      }
    }
    @Injectable()
    class NotingGuard implements CanActivate {
      constructor(private readonly audit: Audit) {}
      canActivate(context: ExecutionContext) {
        if (context.getPhase() === 'message') this.audit.note('guard');
        return true;
      }
    }
    @Injectable()
    class NotingInterceptor implements NestInterceptor {
      constructor(private readonly audit: Audit) {}
      async intercept(_context: ExecutionContext, next: CallHandler) {
        const result = await next.handle();
        this.audit.note('interceptor');
        return result;
      }
    }
    @WebSocketRoute('/noted')
    @UseGuards(NotingGuard)
    class NotedController {
      constructor(private readonly audit: Audit) {}

      @OnMessage('do')
      @UseInterceptors(NotingInterceptor)
      do() {
        this.audit.note('service');
        return 'done';
      }

      @OnMessage('stream')
      async *stream() {
        await null;
        this.audit.note('generator');
        yield 1;
      }
    }
    await using server = await serve({ controllers: [NotedController], providers: [Audit] });
    await using client = await server.connect('/noted');
    await client.request('do', null, 1);
    client.send({ event: 'stream' });
    await client.next();
    const noted = async (event: string) => {
      const parent = (await spans.find(`${event} /noted`)).spanContext().spanId;
      const inside = spans.ended.filter(span => span.parentSpanContext?.spanId === parent);
      return inside.map(({ name }) => name);
    };
    expect(await noted('do')).toEqual(['in guard of do', 'in service of do', 'in interceptor of do']);
    expect(await noted('stream')).toEqual(['in guard of stream', 'in generator of stream']);
  });

  it.each([
    ['refuse', null, { type: 'no_seat', status: SpanStatusCode.UNSET, exceptions: [] }],
    ['say', { text: 7 }, { type: 'validation_failed', status: SpanStatusCode.UNSET, exceptions: [] }],
    ['fail', null, { type: 'internal', status: SpanStatusCode.ERROR, exceptions: ['broken'] }],
  ])('has the code of what went wrong: %s', async (event, data, expected) => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat/blue');
    expect(await client.request(event, data, 1)).toMatchObject({ error: { code: expected.type } });
    const { attributes, status, events } = await spans.find(`${event} /chat/:room`);
    expect({
      type: attributes['error.type'],
      status: status.code,
      exceptions: events.map(({ attributes: of }) => of?.['exception.message']),
    }).toEqual(expected);
  });

  it('is named by the fallback for events it handles, and not made for what no handler takes', async () => {
    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat/blue');
    expect(await client.request('whatever a client says', null, 1)).toEqual({ id: 1, data: 'other' });
    expect((await spans.find('* /chat/:room')).attributes['messaging.operation.name']).toBe('*');
    client.send('no envelope');
    await client.next();
    await client.request('whatever', null, 2);
    await spans.find('* /chat/:room', 2);
    expect(JSON.stringify(spans.ended.map(({ name, attributes }) => [name, attributes]))).not.toContain(
      'whatever',
    );
    expect(spans.names.filter(name => name !== '* /chat/:room').toSorted()).toEqual([
      '@OnOpen /chat/:room',
      'GET /chat/:room',
      'in open',
    ]);
  });

  it('is named by the route on a plain one, for text and for bytes', async () => {
    @WebSocketRoute('/plain')
    class PlainController {
      @OnMessage()
      text(text: string) {
        return text;
      }

      @OnMessage()
      bytes(bytes: Uint8Array) {
        return bytes;
      }
    }
    await using server = await serve([PlainController]);
    await using client = await server.connect('/plain');
    client.send('hi');
    client.send(new Uint8Array([1]));
    await client.take(2);
    await spans.find('message /plain', 2);
    expect(spans.ended.flatMap(({ attributes }) => attributes['code.function.name'] ?? [])).toEqual([
      'PlainController.text',
      'PlainController.bytes',
    ]);
  });

  it('is made of a $auth too', async () => {
    @WebSocketRoute('/auth')
    class AuthController {
      @OnAuth()
      async auth(token: string) {
        await null;
        ownSpan('in auth');
        return token === 'valid';
      }
    }
    await using server = await serve([AuthController]);
    await using client = await server.connect('/auth');
    await client.request('$auth', 'S3CR', 1);
    const span = await spans.find('$auth /auth');
    expect(span.attributes).toMatchObject({
      'error.type': 'unauthenticated',
      'messaging.operation.name': '$auth',
    });
    expect((await spans.find('in auth')).parentSpanContext?.spanId).toBe(span.spanContext().spanId);
  });
});

describe('the spans of a connection’s hooks', () => {
  it('are of @OnOpen as a part of the upgrade, and of @OnClose linked to it', async () => {
    await using server = await serve([ChatController]);
    const client = await server.connect('/chat/blue');
    await client.close(4001, 'S3CR');
    const upgrade = (await spans.find('GET /chat/:room')).spanContext();
    const open = await spans.find('@OnOpen /chat/:room');
    const close = await spans.find('@OnClose /chat/:room');
    expect(open.kind).toBe(SpanKind.INTERNAL);
    expect(open.parentSpanContext?.spanId).toBe(upgrade.spanId);
    expect((await spans.find('in open')).parentSpanContext?.spanId).toBe(open.spanContext().spanId);
    expect(close.parentSpanContext).toBeUndefined();
    expect(close.links.map(({ context }) => context.spanId)).toEqual([upgrade.spanId]);
    expect(close.attributes['gatewire.close.code']).toBe(4001);
    expect((await spans.find('in close')).parentSpanContext?.spanId).toBe(close.spanContext().spanId);
    expect(JSON.stringify(spans.ended.map(({ attributes }) => attributes))).not.toContain('S3CR');
  });

  it('tell what they fail with', async () => {
    @WebSocketRoute('/broken')
    class BrokenController {
      @OnOpen()
      open() {
        throw new Error('broken');
      }
    }
    await using server = await serve([BrokenController]);
    await using client = await server.connect('/broken');
    expect((await client.closed()).code).toBe(1011);
    expect((await spans.find('@OnOpen /broken')).status.code).toBe(SpanStatusCode.ERROR);
  });
});
