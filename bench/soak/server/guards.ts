import {
  type CanActivate,
  type ExecutionContext,
  type GuardResult,
  Injectable,
  UnauthorizedException,
} from 'gatewire';
import { ChaosError, pause } from './chaos.ts';

type Answer = GuardResult | Promise<GuardResult>;

/** Says whose a connection is and until when, or fails as its query asks for. */
@Injectable()
export class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): Answer {
    const { query, user } = context.getHandshake();
    if (context.getPhase() !== 'upgrade') return user !== undefined;
    const { lasts } = query;
    const owner = { user: { id: String(query.user) } };
    const session = lasts === undefined ? owner : { ...owner, expiresAt: Date.now() + Number(lasts) };
    return answer(query.guard, session);
  }
}

/** Fails as the data of each message asks for. */
@Injectable()
export class MoodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): Answer {
    return answer(context.switchToWs().getData(), true);
  }
}

function answer(how: unknown, passed: GuardResult): Answer {
  switch (how) {
    case 'is false':
      return false;
    case 'is unauthorized':
      throw new UnauthorizedException();
    case 'throws':
      throw new ChaosError('the guard throws');
    case 'rejects':
      return Promise.reject(new ChaosError('the guard rejects'));
    case 'hangs':
      return new Promise(() => {});
    case 'passes later':
      return pause(5).then(() => passed);
    default:
      return passed;
  }
}
