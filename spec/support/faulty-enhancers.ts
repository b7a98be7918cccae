import {
  type CallHandler,
  Catch,
  createParamDecorator,
  type ExceptionFilter,
  type ExecutionContext,
  MessageBody,
  type NestInterceptor,
  OnMessage,
  OnOpen,
  type PipeTransform,
  Query,
  UseFilters,
  UseInterceptors,
  WebSocketRoute,
} from 'gatewire';
import { misbehave } from './misbehave.ts';
import { Counted } from './watched-application.ts';

/** After the message was answered: nobody waits for it any more. */
async function breakLater(): Promise<never> {
  await new Promise(resolve => setTimeout(resolve, 5));
  throw new Error('broken');
}

const Later = createParamDecorator(breakLater);
const Now = createParamDecorator(() => misbehave('throws'));

class LaterPipe implements PipeTransform {
  transform() {
    return breakLater();
  }
}

class NowPipe implements PipeTransform {
  transform() {
    return misbehave('throws');
  }
}

@Catch(TypeError)
class TypeErrorFilter implements ExceptionFilter {
  catch() {
    return 'a type error';
  }
}

class UnawaitedInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    void next.handle();
    return 'answered already';
  }
}

class ThrowingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    void next.handle();
    return misbehave('throws');
  }
}

/** Enhancers and arguments of which more than one fails, or that leave a failure alone. */
@WebSocketRoute('/enhanced')
export class EnhancedController extends Counted {
  @OnMessage('arguments')
  arguments(@Later() _later: unknown, @Now() _now: unknown) {}

  @OnMessage('pipes')
  pipes(@MessageBody('a', LaterPipe) _later: unknown, @MessageBody('b', NowPipe) _now: unknown) {}

  @OnMessage('filter')
  @UseFilters(TypeErrorFilter)
  filter() {
    return misbehave('throwsHostileProxy');
  }

  @OnMessage('unawaited')
  @UseInterceptors(UnawaitedInterceptor)
  unawaited() {
    return breakLater();
  }

  @OnMessage('throwing')
  @UseInterceptors(ThrowingInterceptor)
  throwing() {
    return breakLater();
  }

  @OnMessage('alive')
  alive() {
    return 'alive';
  }
}

@WebSocketRoute('/piped-slots')
export class PipedSlotsController {
  @OnOpen()
  open(@Query('a', LaterPipe) _later: unknown, @Query('b', NowPipe) _now: unknown) {}
}
