import type { Change } from '../change-set.ts';
import type { Name } from '../names.ts';
import { constructedSpec } from './part-files.ts';

export function guardFiles({ kebab, pascal }: Name): Change[] {
  const text = `import { type CanActivate, type ExecutionContext, Injectable } from 'gatewire';

/** Asked at the upgrade and before each message; where nobody may, \`false\` refuses. */
@Injectable()
export class ${pascal}Guard implements CanActivate {
  canActivate(_context: ExecutionContext): boolean {
    return true;
  }
}
`;
  return withSpec({ kebab, className: `${pascal}Guard`, type: 'guard', text });
}

export function filterFiles({ kebab, pascal }: Name): Change[] {
  const text = `import { type ArgumentsHost, Catch, type ExceptionFilter } from 'gatewire';

/** Handles what is thrown where it is used; throwing it again leaves it to the default. */
@Catch()
export class ${pascal}Filter implements ExceptionFilter {
  catch(exception: unknown, _host: ArgumentsHost): unknown {
    throw exception;
  }
}
`;
  return withSpec({ kebab, className: `${pascal}Filter`, type: 'filter', text });
}

export function pipeFiles({ kebab, pascal }: Name): Change[] {
  const text = `import { type ArgumentMetadata, Injectable, type PipeTransform } from 'gatewire';

/** Changes or refuses an argument: what it returns takes its place. */
@Injectable()
export class ${pascal}Pipe implements PipeTransform {
  transform(value: unknown, _metadata: ArgumentMetadata): unknown {
    return value;
  }
}
`;
  return withSpec({ kebab, className: `${pascal}Pipe`, type: 'pipe', text });
}

export function interceptorFiles({ kebab, pascal }: Name): Change[] {
  const text = `import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from 'gatewire';

/** Runs around a handler: what it returns takes the place of what the handler returned. */
@Injectable()
export class ${pascal}Interceptor implements NestInterceptor {
  async intercept(_context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const result = await next.handle();
    return result;
  }
}
`;
  return withSpec({ kebab, className: `${pascal}Interceptor`, type: 'interceptor', text });
}

interface Enhancer {
  readonly kebab: string;
  readonly className: string;
  readonly type: string;
  readonly text: string;
}

function withSpec({ kebab, className, type, text }: Enhancer): Change[] {
  return [
    { path: `${kebab}.${type}.ts`, text },
    { path: `${kebab}.${type}.spec.ts`, text: constructedSpec(kebab, className, type) },
  ];
}
