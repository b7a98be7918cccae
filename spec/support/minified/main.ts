import { IsString } from 'class-validator';
import {
  type CallHandler,
  type CanActivate,
  Catch,
  createApplication,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  MessageBody,
  Module,
  type NestInterceptor,
  NotFoundException,
  OnMessage,
  Param,
  ParseIntPipe,
  Reflector,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  WebSocketRoute,
} from 'gatewire';
import { Service as Greeting } from './greeting.ts';

const Roles = Reflector.createDecorator<string[]>();

@Injectable()
class Service {
  constructor(private readonly greeting: Greeting) {}

  shout(name: string): string {
    return this.greeting.greet(name).toUpperCase();
  }
}

@Injectable({ scope: Scope.CONNECTION })
class Counter {
  count = 0;
}

@Injectable()
class RolesGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const roles = this.reflector.getAllAndOverride(Roles, [context.getHandler(), context.getClass()]);
    return roles === undefined || roles.includes('guest');
  }
}

class WrappingInterceptor implements NestInterceptor {
  async intercept(_context: ExecutionContext, next: CallHandler) {
    return { wrapped: await next.handle() };
  }
}

@Catch(HttpException)
class StatusFilter implements ExceptionFilter<HttpException> {
  catch(exception: HttpException) {
    return { status: exception.getStatus() };
  }
}

class Name {
  @IsString()
  name!: string;
}

@Injectable({ scope: Scope.CONNECTION })
@WebSocketRoute('/rooms/:room')
@UseGuards(RolesGuard)
@UseFilters(StatusFilter)
class RoomController {
  constructor(
    private readonly service: Service,
    private readonly counter: Counter,
  ) {}

  @UseInterceptors(WrappingInterceptor)
  @OnMessage('shout')
  shout(@MessageBody() { name }: Name, @Param('room', ParseIntPipe) room: number) {
    this.counter.count++;
    return [this.service.shout(name), room, this.counter.count];
  }

  @Roles(['admin'])
  @OnMessage('close')
  close() {}

  @OnMessage('missing')
  missing() {
    throw new NotFoundException();
  }
}

@Module({ providers: [Greeting], exports: [Greeting] })
class GreetingModule {}

@Module({ imports: [GreetingModule], providers: [Service, Counter], controllers: [RoomController] })
class AppModule {}

const app = await createApplication(AppModule, { logger: false });
await app.listen({ port: 0, hostname: '127.0.0.1' });
console.log(JSON.stringify({ url: app.url }));
