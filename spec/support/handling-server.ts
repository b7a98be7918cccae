// Run as a process of its own by behaviour/acceptance-handling.spec.ts, without top-level await: as long as one is
// pending, Bun does not end a process that throws.
import {
  type CallHandler,
  type CanActivate,
  Catch,
  Connection,
  type ExceptionFilter,
  type ExecutionContext,
  Injectable,
  MessageBody,
  Module,
  type NestInterceptor,
  OnClose,
  OnMessage,
  Scope,
  Signal,
  UseFilters,
  UseGuards,
  UseInterceptors,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { finalize, from, map } from 'rxjs';
import { misbehave } from './misbehave.ts';
import { Counted, EchoController, serveWatched } from './watched-application.ts';

/** What hooks did, in order, for a spec to ask for. */
const steps: string[] = [];

const ROOM = 'room';

/** What hangs, until the spec lets it go. */
let held = Promise.withResolvers<void>();

function letGo(): Response {
  held.resolve();
  held = Promise.withResolvers();
  return new Response('ok');
}

@Catch()
class ThrowingFilter implements ExceptionFilter {
  catch() {
    return misbehave('throws');
  }
}

@Catch()
class RejectingFilter implements ExceptionFilter {
  catch() {
    return misbehave('rejects');
  }
}

@Catch()
class RethrowingFilter implements ExceptionFilter {
  catch(exception: unknown) {
    throw exception;
  }
}

class ThrowingBefore implements NestInterceptor {
  intercept() {
    return misbehave('throws');
  }
}

class ThrowingAfter implements NestInterceptor {
  async intercept(_context: ExecutionContext, next: CallHandler) {
    await next.handle();
    return misbehave('throws');
  }
}

class ThrowingOperator implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map(() => misbehave('throws')));
  }
}

class ThrowingFinally implements NestInterceptor {
  async intercept(_context: ExecutionContext, next: CallHandler) {
    try {
      return await next.handle();
    } finally {
      misbehave('throws');
    }
  }
}

class ThrowingFinalize implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(finalize(() => misbehave('throws')));
  }
}

class PipingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map(value => value));
  }
}

class ThrowingFromFinalize implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return from(next.handle()).pipe(finalize(() => misbehave('throws')));
  }
}

class ThrowingObserver implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    const broken = () => misbehave('throws');
    next.handle().subscribe({ next: broken, error: broken, complete: broken });
    return 'answered already';
  }
}

/** Every error path that can itself fail. */
@WebSocketRoute('/error-path')
class ErrorPathController extends Counted {
  @OnMessage('filter throws')
  @UseFilters(ThrowingFilter)
  filterThrows() {
    return misbehave('throwsString');
  }

  @OnMessage('filter rejects')
  @UseFilters(RejectingFilter)
  filterRejects() {
    return misbehave('rejects');
  }

  @OnMessage('filter rethrows')
  @UseFilters(RethrowingFilter)
  filterRethrows() {
    return misbehave('throws');
  }

  @OnMessage('interceptor before')
  @UseInterceptors(ThrowingBefore)
  before() {
    return 'not reached';
  }

  @OnMessage('interceptor after')
  @UseInterceptors(ThrowingAfter)
  after() {
    return 'handled';
  }

  @OnMessage('operator')
  @UseInterceptors(ThrowingOperator)
  operator() {
    return 'handled';
  }

  @OnMessage('finally')
  @UseInterceptors(ThrowingFinally)
  finally() {
    return 'handled';
  }

  @OnMessage('finalize')
  @UseInterceptors(ThrowingFinalize)
  finalize() {
    return 'handled';
  }

  @OnMessage('finalize after a failure')
  @UseInterceptors(ThrowingFinalize)
  finalizeFailure() {
    return misbehave('rejects');
  }

  @OnMessage('from finalize')
  @UseInterceptors(ThrowingFromFinalize)
  fromFinalize() {
    return 'handled';
  }

  @OnMessage('from finalize after a failure')
  @UseInterceptors(ThrowingFromFinalize)
  fromFinalizeFailure() {
    return misbehave('rejects');
  }

  @OnMessage('observer')
  @UseInterceptors(ThrowingObserver)
  observer() {
    return 'handled';
  }

  @OnMessage('observer of a failure')
  @UseInterceptors(ThrowingObserver)
  observerOfFailure() {
    return misbehave('rejects');
  }

  /** Its items go through an operator; left early, its `finally` fails. */
  @OnMessage('piped ticks')
  @UseInterceptors(PipingInterceptor)
  async *pipedTicks() {
    try {
      for (;;) {
        yield 'tick';
        await new Promise(resolve => setTimeout(resolve, 1));
      }
    } finally {
      misbehave('throws');
    }
  }

  @OnMessage('alive')
  alive() {
    return 'alive';
  }
}

/** Its connections are in a room, and closing fails. */
@WebSocketRoute('/failing-close')
class FailingCloseController extends Counted {
  @OnMessage('join')
  join(connection: Connection) {
    return connection.subscribe(ROOM);
  }

  @OnClose()
  override close(code: number, connection: Connection) {
    super.close(code, connection);
    misbehave('throws');
  }
}

class ClassGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    steps.push(`class guard: ${context.getPhase()}`);
    return true;
  }
}

/** Lets one message through. */
class OnceGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    const { data } = context.switchToWs().getClient<Connection<{ isUsed?: boolean }>>();
    const isFirst = data.isUsed !== true;
    data.isUsed = true;
    return isFirst;
  }
}

class HangingGuard implements CanActivate {
  async canActivate() {
    steps.push('hanging guard');
    await held.promise;
    steps.push('guard let go');
    return true;
  }
}

class HangingInterceptor implements NestInterceptor {
  async intercept(_context: ExecutionContext, next: CallHandler) {
    await held.promise;
    await next.handle().catch(error => steps.push((error as Error).message));
    steps.push('interceptor let go');
  }
}

class LaterGuard implements CanActivate {
  canActivate() {
    steps.push('later guard');
    return true;
  }
}

@WebSocketRoute('/guarded')
@UseGuards(ClassGuard)
class GuardedController extends Counted {
  @OnMessage('once')
  @UseGuards(OnceGuard)
  once() {
    return 'handled';
  }

  @OnMessage('hang')
  @UseGuards(HangingGuard, LaterGuard)
  hang() {
    steps.push('handled');
  }

  @OnMessage('hang around')
  @UseInterceptors(HangingInterceptor)
  hangAround() {
    steps.push('handled');
  }

  @OnMessage('always')
  always() {
    return 'handled';
  }
}

/** Never ends to clean up. */
@Injectable({ scope: Scope.CONNECTION })
class Lease {
  onConnectionClose() {
    return new Promise(() => {});
  }
}

@WebSocketRoute('/leased')
@Injectable({ scope: Scope.CONNECTION })
class LeasedController extends Counted {
  constructor(readonly lease: Lease) {
    super();
  }
}

/** Its upgrade hangs in the first of two guards. */
@WebSocketRoute('/hanging-upgrade')
@UseGuards(HangingGuard, LaterGuard)
class HangingUpgradeController extends Counted {}

@WebSocketRoute('/in-order')
class InOrderController extends Counted {
  @OnMessage('wait')
  async wait(@MessageBody('name') name: string, @MessageBody('ms') ms: number) {
    steps.push(`start ${name}`);
    await new Promise(resolve => setTimeout(resolve, ms));
    steps.push(`end ${name}`);
    return name;
  }

  @OnClose()
  override close(code: number, connection: Connection) {
    super.close(code, connection);
    steps.push(`close ${code}`);
  }
}

@WebSocketRoute('/side-by-side', { concurrency: 3 })
class SideBySideController extends InOrderController {}

/** Ways to end a connection, and what is left of it. */
@WebSocketRoute('/ending')
class EndingController extends Counted {
  @OnMessage('close with')
  closeWith(@MessageBody() code: number, connection: Connection) {
    try {
      connection.close(code);
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  }

  @OnMessage('close twice')
  closeTwice(connection: Connection) {
    connection.close(4001, 'first');
    connection.close(4002, 'second');
    connection.terminate();
  }

  @OnMessage('close with a long reason')
  closeLong(connection: Connection) {
    connection.close(4003, 'é'.repeat(100));
  }

  @OnMessage('wait for the end')
  async wait(connection: Connection, @Signal() signal: AbortSignal) {
    connection.emit('waiting');
    await new Promise(resolve => signal.addEventListener('abort', resolve));
    steps.push(`aborted: ${signal.aborted}`);
    await new Promise(resolve => setTimeout(resolve, 5));
    steps.push(`send: ${connection.send('late')}`, `subscribe: ${connection.subscribe(ROOM)}`);
    steps.push(`subscribed: ${connection.isSubscribed(ROOM)}`);
    return 'nobody reads this';
  }

  @OnMessage('slowly')
  async slowly() {
    await new Promise(resolve => setTimeout(resolve, 50));
    return 'slow';
  }

  @OnMessage('quickly')
  quickly() {
    return 'quick';
  }

  @OnMessage('no seat')
  noSeat() {
    throw new WsException('nope', 'no_seat');
  }
}

@Module({
  controllers: [
    EchoController,
    ErrorPathController,
    FailingCloseController,
    GuardedController,
    HangingUpgradeController,
    LeasedController,
    InOrderController,
    SideBySideController,
    EndingController,
  ],
  providers: [Lease],
})
class HandlingModule {}

void serveWatched(HandlingModule, {
  routes: {
    '/steps': () => Response.json(steps.splice(0)),
    '/let-go': letGo,
  },
  details: app => ({ members: app.server.subscriberCount(ROOM) }),
});
