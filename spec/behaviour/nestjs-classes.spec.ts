import * as nest from '@nestjs/common';
import { ConfigModule, ConfigService, type ConfigType, registerAs } from '@nestjs/config';
import { WsException } from '@nestjs/websockets';
import { MessageBody, OnMessage, Param, WebSocketRoute } from 'gatewire';
import { from, map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';
import { rawUpgrade } from '../support/raw.ts';

const database = registerAs('database', () => ({ host: 'localhost', port: 5432 }));

@WebSocketRoute('/config')
class ConfigController {
  constructor(
    private readonly config: ConfigService,
    @nest.Inject(database.KEY) private readonly own: ConfigType<typeof database>,
  ) {}

  @OnMessage('read')
  read() {
    return [this.config.get('database.host'), this.own.port, this.config.get('GREETING')];
  }
}

describe('@nestjs/config', () => {
  it('is loaded as it is: forRoot(), forFeature(), load and validate', async () => {
    await using running = await serve({
      imports: [
        ConfigModule.forRoot({
          isGlobal: true,
          ignoreEnvFile: true,
          load: [database],
          validate: values => ({ ...values, GREETING: 'hello' }),
        }),
      ],
      controllers: [ConfigController],
    });
    await using client = await running.connect('/config');
    expect(await client.request('read', null, 1)).toEqual({ id: 1, data: ['localhost', 5432, 'hello'] });
  });
});

describe('classes decorated by @nestjs/common', () => {
  it('are providers and modules like any other', async () => {
    @nest.Injectable()
    class Clock {
      readonly now = 12;
    }

    @nest.Injectable()
    class Greeter {
      constructor(
        readonly clock: Clock,
        @nest.Inject('GREETING') readonly greeting: string,
        @nest.Optional() @nest.Inject('NOTHING') readonly nothing?: string,
      ) {}
    }

    @nest.Global()
    @nest.Module({
      providers: [Clock, Greeter, { provide: 'GREETING', useValue: 'hello' }],
      exports: [Greeter],
    })
    class GreetingModule {}

    @WebSocketRoute('/greet')
    class GreetController {
      constructor(private readonly greeter: Greeter) {}

      @OnMessage('greet')
      greet() {
        const { clock, greeting, nothing } = this.greeter;
        return [clock.now, greeting, nothing ?? 'nothing'];
      }
    }

    await using running = await serve({ imports: [GreetingModule], controllers: [GreetController] });
    await using client = await running.connect('/greet');
    expect(await client.request('greet', null, 1)).toEqual({ id: 1, data: [12, 'hello', 'nothing'] });
  });
});

const Roles = nest.SetMetadata('roles', ['admin']);

@nest.Injectable()
class RolesService {
  of(token: string): string {
    return token === 'Bearer ada' ? 'admin' : 'guest';
  }
}

@nest.Injectable()
class RolesGuard implements nest.CanActivate {
  constructor(private readonly roles: RolesService) {}

  canActivate(context: nest.ExecutionContext): boolean {
    const wanted: unknown = Reflect.getMetadata('roles', context.getHandler());
    const { headers } = context.switchToHttp().getRequest();
    if (headers.authorization === undefined) throw new nest.UnauthorizedException('bring a token');
    return !Array.isArray(wanted) || wanted.includes(this.roles.of(headers.authorization));
  }
}

class ShoutPipe implements nest.PipeTransform<string, string> {
  transform(value: string, { type }: nest.ArgumentMetadata): string {
    return type === 'body' ? value.toUpperCase() : value;
  }
}

/** `from()` takes the promise that Gatewire gives as well as NestJS's Observable. */
class ListInterceptor implements nest.NestInterceptor {
  intercept(_context: nest.ExecutionContext, next: nest.CallHandler): Observable<unknown> {
    return from(next.handle()).pipe(map(data => [data]));
  }
}

@nest.Catch(RangeError)
class RangeFilter implements nest.ExceptionFilter<RangeError> {
  catch(exception: RangeError, host: nest.ArgumentsHost) {
    return { code: 'out_of_range', message: exception.message, event: host.switchToWs().getPattern() };
  }
}

@WebSocketRoute('/rooms/:room')
@nest.UseGuards(RolesGuard)
@nest.UseFilters(RangeFilter)
class RoomController {
  @OnMessage('say')
  @nest.UsePipes(ShoutPipe)
  say(@MessageBody() text: string, @Param('room', nest.ParseIntPipe) room: number) {
    return `${room}: ${text}`;
  }

  @OnMessage('clear')
  @Roles
  clear() {
    return 'cleared';
  }

  @OnMessage('list')
  @nest.UseInterceptors(ListInterceptor)
  list() {
    return 'only one';
  }

  @OnMessage('far')
  far() {
    throw new RangeError('too far');
  }

  @OnMessage('refuse')
  refuse() {
    throw new WsException('no seat is left');
  }
}

const rooms = () => serve({ controllers: [RoomController], providers: [RolesService] });
const as = (name: string) => ({ headers: { Authorization: `Bearer ${name}` } });

describe('a guard written against @nestjs/common', () => {
  it('refuses the upgrade with what it throws, and lets it through', async () => {
    await using running = await rooms();
    const refused = await rawUpgrade(`${running.url}/rooms/1`);
    expect(refused.json()).toEqual({ statusCode: 401, code: 'unauthenticated', message: 'bring a token' });
    await using client = await running.connect('/rooms/1', as('ada'));
    expect(await client.request('clear', null, 1)).toEqual({ id: 1, data: 'cleared' });
  });

  it('reads the metadata of the handler before each message', async () => {
    await using running = await rooms();
    await using guest = await running.connect('/rooms/1', as('bob'));
    expect(await guest.request('clear', null, 1)).toMatchObject({ id: 1, error: { code: 'forbidden' } });
    expect(await guest.request('say', 'hi', 2)).toEqual({ id: 2, data: '1: HI' });
  });
});

describe('pipes, interceptors, filters and exceptions of @nestjs/common', () => {
  it('do what they do in NestJS', async () => {
    await using running = await rooms();
    await using client = await running.connect('/rooms/7', as('ada'));
    expect(await client.request('say', 'hello', 1)).toEqual({ id: 1, data: '7: HELLO' });
    expect(await client.request('list', null, 3)).toEqual({ id: 3, data: ['only one'] });
    expect(await client.request('refuse', null, 2)).toMatchObject({ error: { message: 'no seat is left' } });
    client.send({ event: 'far' });
    expect(await client.next()).toEqual({
      event: 'exception',
      data: { code: 'out_of_range', message: 'too far', event: 'far' },
    });
  });
});
