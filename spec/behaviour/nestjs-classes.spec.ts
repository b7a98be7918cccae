import * as nest from '@nestjs/common';
import { ConfigModule, ConfigService, type ConfigType, registerAs } from '@nestjs/config';
import { OnMessage, WebSocketRoute } from 'gatewire';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/application.ts';

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
