import { IsString } from 'class-validator';
import {
  BeforeHandle,
  type CanActivate,
  Connection,
  type ExecutionContext,
  Handshake,
  Injectable,
  MessageBody,
  OnMessage,
  OnOpen,
  Param,
  Reflector,
  UseGuards,
  UsePipes,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { Client } from '../support/client.ts';

class Say {
  @IsString() text!: string;
}

/** No path of its own: only what extends it is served. */
abstract class RoomController {
  @OnOpen()
  open(@Param('room') room: string) {
    return { by: this.constructor.name, room };
  }

  @OnMessage('say')
  say(@MessageBody() { text }: Say, @Param('room') room: string): unknown {
    return `${room}: ${text}`;
  }
}

async function answers(url: string, data: unknown, event = 'say'): Promise<unknown> {
  await using client = await Client.connect(url);
  const { data: answer, error } = await client.request(event, data, 1);
  return error === undefined ? answer : (error as { code: string }).code;
}

describe('a controller that extends another', () => {
  it('has its hooks, with their parameters and validation', async () => {
    @WebSocketRoute('/chat/:room')
    class ChatController extends RoomController {}

    await using server = await serve([ChatController]);
    await using client = await server.connect('/chat/blue');
    expect(await client.next()).toEqual({ event: 'open', data: { by: 'ChatController', room: 'blue' } });
    expect(await client.request('say', { text: 'hi' }, 1)).toEqual({ id: 1, data: 'blue: hi' });
    expect(await client.request('say', { text: 5 }, 2)).toMatchObject({
      error: { code: 'validation_failed', issues: [{ path: 'text', rule: 'isString' }] },
    });
  });

  it('runs its own method where it overrides one without decorating it', async () => {
    @WebSocketRoute('/chat/:room')
    class LoudController extends RoomController {
      override say(body: Say, room: string) {
        return `${super.say(body, room)}!`;
      }
    }
    await using server = await serve([LoudController]);
    expect(await answers(`${server.url}/chat/blue`, { text: 'hi' })).toBe('blue: hi!');
    expect(await answers(`${server.url}/chat/blue`, { text: 5 })).toBe('validation_failed');
  });

  describe('and overrides a method without giving it its hook again', () => {
    const asked: string[] = [];
    const noting = (name: string): CanActivate => ({ canActivate: () => asked.push(name) > 0 });
    const Roles = Reflector.createDecorator<string[]>();

    @Injectable()
    class RolesGuard implements CanActivate {
      constructor(private readonly reflector: Reflector) {}

      canActivate(context: ExecutionContext) {
        asked.push(`${this.reflector.get(Roles, context.getHandler())}`);
        return true;
      }
    }

    class GuardedController {
      @OnMessage('remove')
      @UseGuards(noting('of the parent'), RolesGuard)
      @UsePipes({ transform: value => `${value} piped` })
      @Roles(['admin'])
      remove(@MessageBody() what: string): unknown {
        return `parent: ${what}`;
      }
    }

    const remove = async (controller: new () => object) => {
      asked.length = 0;
      await using server = await serve([controller]);
      return await answers(`${server.url}/guarded`, 'one', 'remove');
    };

    it('keeps its guards, pipes and metadata', async () => {
      @WebSocketRoute('/guarded')
      class QuietController extends GuardedController {
        override remove(what: string) {
          return `child: ${what}`;
        }
      }
      expect(await remove(QuietController)).toBe('child: one piped');
      expect(asked).toEqual(['of the parent', 'admin']);
    });

    it('adds guards to them', async () => {
      @WebSocketRoute('/guarded')
      class StricterController extends GuardedController {
        @UseGuards(noting('of the child'))
        override remove(what: string) {
          return `child: ${what}`;
        }
      }
      expect(await remove(StricterController)).toBe('child: one piped');
      expect(asked).toEqual(['of the parent', 'admin', 'of the child']);
    });

    it('overrides its metadata', async () => {
      @WebSocketRoute('/guarded')
      class OpenController extends GuardedController {
        @Roles(['editor'])
        override remove(what: string) {
          return `child: ${what}`;
        }
      }
      expect(await remove(OpenController)).toBe('child: one piped');
      expect(asked).toEqual(['of the parent', 'editor']);
    });

    it('has none of them where it gives it its hook again', async () => {
      @WebSocketRoute('/guarded')
      class OtherController extends GuardedController {
        @OnMessage('remove')
        override remove(@MessageBody() what: string) {
          return `child: ${what}`;
        }
      }
      expect(await remove(OtherController)).toBe('child: one');
      expect(asked).toEqual([]);
    });
  });

  it('replaces the hook where it decorates the method again', async () => {
    @WebSocketRoute('/chat/:room')
    class ShoutController extends RoomController {
      @OnMessage('shout')
      override say({ text }: Say) {
        return text.toUpperCase();
      }
    }
    await using server = await serve([ShoutController]);
    expect(await answers(`${server.url}/chat/blue`, { text: 'hi' }, 'shout')).toBe('HI');
    expect(await answers(`${server.url}/chat/blue`, { text: 'hi' }, 'say')).toBe('unknown_event');
  });

  it('keeps the hook where it decorates the parameters only', async () => {
    @WebSocketRoute('/chat/:room')
    class SwappedController extends RoomController {
      override say(@Param('room') room: never, @MessageBody('text') text: string) {
        return `${text} in ${room as string}`;
      }
    }
    await using server = await serve([SwappedController]);
    expect(await answers(`${server.url}/chat/blue`, { text: 'hi' })).toBe('hi in blue');
  });

  it('adds handlers that its parent does not have', async () => {
    @WebSocketRoute('/parent')
    class ParentController {
      @OnMessage('say')
      say() {
        return 'said';
      }
    }
    @WebSocketRoute('/child')
    class ChildController extends ParentController {
      @OnMessage('shout')
      shout() {
        return 'shouted';
      }
      override say() {
        return 'said by the child';
      }
    }
    @WebSocketRoute('/sibling')
    class SiblingController extends ParentController {
      @OnMessage('whisper')
      whisper() {
        return 'whispered';
      }
    }
    await using server = await serve([ParentController, ChildController, SiblingController]);
    const heard: Record<string, unknown> = {};
    for (const path of ['parent', 'child', 'sibling']) {
      for (const event of ['say', 'shout', 'whisper'])
        heard[`${path} ${event}`] = await answers(`${server.url}/${path}`, null, event);
    }
    expect(heard).toEqual({
      'parent say': 'said',
      'parent shout': 'unknown_event',
      'parent whisper': 'unknown_event',
      'child say': 'said by the child',
      'child shout': 'shouted',
      'child whisper': 'unknown_event',
      'sibling say': 'said',
      'sibling shout': 'unknown_event',
      'sibling whisper': 'whispered',
    });
  });

  it('is served at the path of its parent when it has none', async () => {
    @WebSocketRoute('/chat', { idleTimeout: 60 })
    class ChatController {
      @OnMessage('say')
      say() {
        return 'plain';
      }
    }
    class LoudController extends ChatController {
      override say() {
        return 'loud';
      }
    }
    await using server = await serve([LoudController]);
    expect(await answers(`${server.url}/chat`, null)).toBe('loud');
    expect(server.app.routes[0]?.options.idleTimeout).toBe(60);
  });

  it('has the options of its own path, not those of its parent', async () => {
    @WebSocketRoute('/parent', { idleTimeout: 60 })
    class ParentController {}
    @WebSocketRoute('/child', { concurrency: 2 })
    class ChildController extends ParentController {}

    await using server = await serve([ParentController, ChildController]);
    expect(
      server.app.routes.map(({ options: { idleTimeout, concurrency } }) => [idleTimeout, concurrency]),
    ).toEqual([
      [60, 1],
      [120, 2],
    ]);
  });

  it('runs the @BeforeHandle methods of its ancestors first', async () => {
    class FirstController {
      @BeforeHandle()
      first({ data }: Handshake) {
        data.order = ['first'];
      }
    }
    class SecondController extends FirstController {
      @BeforeHandle()
      second({ data }: Handshake) {
        (data.order as string[]).push('second');
      }
    }
    @WebSocketRoute('/third')
    class ThirdController extends SecondController {
      @BeforeHandle()
      third({ data }: Handshake) {
        (data.order as string[]).push('third');
      }
      @OnOpen()
      open({ data }: Connection) {
        return data;
      }
    }
    await using server = await serve([ThirdController]);
    await using client = await server.connect('/third');
    expect(await client.next()).toEqual({ order: ['first', 'second', 'third'] });
  });

  it('is given what the constructor of its parent asks for', async () => {
    @Injectable()
    class Clock {
      readonly hour = 3;
    }
    @Injectable()
    class TimedController {
      constructor(protected readonly clock: Clock) {}
    }
    @WebSocketRoute('/time')
    class ClockController extends TimedController {
      @OnMessage('hour')
      hour() {
        return this.clock.hour;
      }
    }
    await using server = await serve({ controllers: [ClockController], providers: [Clock] });
    expect(await answers(`${server.url}/time`, null, 'hour')).toBe(3);
  });
});
