import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  EventContext,
  type ExceptionFilter,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from 'gatewire';
import { ChaosError } from './chaos.ts';
import { Tally } from './tally.ts';

/** Looks whether services still know which connection they work for, before a handler and after it. */
@Injectable()
export class ContextInterceptor implements NestInterceptor {
  constructor(
    private readonly context: EventContext,
    private readonly tally: Tally,
  ) {}

  async intercept(execution: ExecutionContext, next: CallHandler) {
    const { id } = execution.getHandshake();
    this.#check(id);
    const result = await next.handle();
    this.#check(id);
    return result;
  }

  #check(id: string): void {
    if (this.context.handshake?.id !== id) this.tally.contextsLost++;
  }
}

/** Leaves what is thrown on purpose to the default answer, and fails now and then itself. */
@Catch(ChaosError)
@Injectable()
export class ChaosFilter implements ExceptionFilter {
  #caught = 0;

  catch(error: ChaosError, _host: ArgumentsHost): never {
    if (++this.#caught % 5 === 0) throw new ChaosError('the filter throws');
    throw error;
  }
}
