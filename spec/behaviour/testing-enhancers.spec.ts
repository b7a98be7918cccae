import {
  APP_GUARD,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  ForbiddenException,
  Injectable,
  MessageBody,
  Module,
  type NestInterceptor,
  OnMessage,
  type PipeTransform,
  UseFilters,
  UseGuards,
  UseInterceptors,
  WebSocketRoute,
} from 'gatewire';
import { Test } from 'gatewire/testing';
import { describe, expect, it } from 'vitest';

/** What the guards ask, and nobody in a test can answer. */
@Injectable()
class Accounts {
  isKnown(): boolean {
    throw new Error('there is no database here');
  }
}

@Injectable()
class AccountGuard implements CanActivate {
  constructor(private readonly accounts: Accounts) {}

  canActivate() {
    return this.accounts.isKnown();
  }
}

@Injectable()
class RateGuard implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException('too often');
  }
}

@Injectable()
class UpperCasePipe implements PipeTransform<string> {
  transform(value: string) {
    return value.toUpperCase();
  }
}

@Injectable()
class QuoteInterceptor implements NestInterceptor {
  async intercept(_context: unknown, next: { handle(): Promise<unknown> }) {
    return `"${await next.handle()}"`;
  }
}

@Catch()
class SilentFilter implements ExceptionFilter {
  catch() {
    return 'nothing to see';
  }
}

@WebSocketRoute('/echo')
@UseGuards(AccountGuard)
class EchoController {
  @OnMessage('say')
  @UseInterceptors(QuoteInterceptor)
  say(@MessageBody(UpperCasePipe) text: string) {
    return text;
  }

  @OnMessage('fail')
  @UseFilters(SilentFilter)
  fail() {
    throw new Error('not for the client');
  }
}

@Module({
  controllers: [EchoController],
  providers: [Accounts, { provide: APP_GUARD, useClass: RateGuard }],
})
class EchoModule {}

const admit = { canActivate: () => true };

function echo() {
  return Test.createTestingModule({ imports: [EchoModule] })
    .setLogger(false)
    .overrideGuard(RateGuard)
    .useValue(admit)
    .overrideGuard(AccountGuard)
    .useValue(admit);
}

async function said(app: Awaited<ReturnType<ReturnType<typeof echo>['compile']>>, event = 'say') {
  await using client = await app.connect('/echo');
  return await client.request(event, 'hi');
}

describe('an override', () => {
  it('takes the place of a guard of a class and of one of the application', async () => {
    await using app = await echo().compile();
    expect(await said(app)).toBe('"HI"');
  });

  it('decides as it likes, in each phase', async () => {
    await using closed = await echo()
      .overrideGuard(RateGuard)
      .useValue({ canActivate: () => false })
      .compile();
    await expect(closed.connect('/echo')).rejects.toMatchObject({ status: 403 });
    const factory = () => ({
      canActivate: (context: { getPhase(): string }) => context.getPhase() === 'upgrade',
    });
    await using mute = await echo().overrideGuard(AccountGuard).useFactory({ factory }).compile();
    await expect(said(mute)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('leaves the other guards as they are', async () => {
    const chat = Test.createTestingModule({ imports: [EchoModule] }).overrideProvider(Accounts);
    await using app = await chat.useValue({ isKnown: () => true }).compile();
    await expect(app.connect('/echo')).rejects.toMatchObject({ body: { message: 'too often' } });
  });

  it('takes the place of a pipe of a parameter', async () => {
    class PlainPipe implements PipeTransform<string> {
      transform(value: string) {
        return value;
      }
    }
    await using app = await echo().overridePipe(UpperCasePipe).useClass(PlainPipe).compile();
    expect(await said(app)).toBe('"hi"');
  });

  it('takes the place of an interceptor and of a filter', async () => {
    await using app = await echo()
      .overrideInterceptor(QuoteInterceptor)
      .useValue({ intercept: (_context: unknown, next: { handle(): unknown }) => next.handle() })
      .overrideFilter(SilentFilter)
      .useValue({ catch: () => 'caught' })
      .compile();
    expect([await said(app), await said(app, 'fail')]).toEqual(['HI', 'caught']);
  });

  it('is not for an instance that a decorator was given', async () => {
    @WebSocketRoute('/made')
    @UseGuards(new RateGuard())
    class MadeController {
      @OnMessage()
      text(_text: string) {}
    }
    const made = Test.createTestingModule({ controllers: [MadeController] });
    await expect(made.overrideGuard(RateGuard).useValue(admit).compile()).rejects.toThrow(
      'override of RateGuard: no module provides RateGuard, and no controller names it',
    );
  });
});
