import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  type Connection,
  createParamDecorator,
  type ExceptionFilter,
  type ExecutionContext,
  type Handshake,
  Injectable,
  Reflector,
  UnauthorizedException,
} from 'gatewire';
import { type Member, type Role, Sessions, Tokens } from './tokens.ts';

/**
 * Knows members by the cookie that browsers send, or by a bearer token. It is asked at the upgrade and before each
 * message, so that whoever signs out, or whose token expires, is heard no more on a connection that is open.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly tokens: Tokens,
  ) {}

  canActivate(context: ExecutionContext) {
    const user = this.#memberOf(context.getHandshake());
    if (user === undefined) throw new UnauthorizedException('Sign in first');
    return { user };
  }

  // Browsers send the cookie whichever page connects: the origin check, on by default, keeps foreign pages out.
  #memberOf({ headers, cookies }: Handshake): Member | undefined {
    const [scheme, token] = headers.authorization?.split(' ') ?? [];
    if (scheme?.toLowerCase() === 'bearer' && token !== undefined) return this.tokens.read(token);
    return cookies.session === undefined ? undefined : this.sessions.find(cookies.session);
  }
}

/** Which roles an event is for; without it, an event is for every member. */
export const Roles = Reflector.createDecorator<Role[]>();

@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext) {
    const roles = this.reflector.getAllAndOverride(Roles, [context.getHandler(), context.getClass()]);
    if (roles === undefined) return true;
    const { roles: own } = context.getHandshake().user as Member;
    return roles.some(role => own.includes(role));
  }
}

/** The member whose connection it is. */
export const CurrentMember = createParamDecorator(
  (_data: undefined, context) => context.getHandshake().user as Member,
);

/** Says at the upgrade how to sign in, and closes a connection whose member has signed out. */
@Catch(UnauthorizedException)
export class SignedOutFilter implements ExceptionFilter<UnauthorizedException> {
  catch(exception: UnauthorizedException, host: ArgumentsHost) {
    if (host.getPhase() === 'upgrade') {
      const body = { statusCode: 401, code: 'unauthenticated', message: exception.message };
      return Response.json(body, { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } });
    }
    return host.switchToWs().getClient<Connection>().close(4401, exception.message);
  }
}
