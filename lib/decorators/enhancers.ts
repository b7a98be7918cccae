import type { CanActivate } from '../enhancers/can-activate.ts';
import { type EnhancerKind, recordCaught, recordEnhancers } from '../enhancers/enhancer-metadata.ts';
import type { ExceptionFilter } from '../enhancers/exception-filter.ts';
import type { NestInterceptor } from '../enhancers/nest-interceptor.ts';
import type { PipeTransform } from '../enhancers/pipe-transform.ts';
import type { AbstractType, Type } from '../injection/token.ts';

/** For a controller, a module (all its controllers) or a method. */
type EnhancerDecorator = ClassDecorator & MethodDecorator;

/**
 * Asks guards, in this order, after global ones and those of the module. On a class: at the upgrade and before each
 * message; on an `@OnMessage()` method: before its messages. A class is made by the container; an instance is taken
 * as it is.
 */
export function UseGuards(...guards: (CanActivate | Type<CanActivate>)[]): EnhancerDecorator {
  return enhancers('guard', guards);
}

/** Runs pipes on every parameter that takes data, before those of the parameter itself. */
export function UsePipes(...pipes: (PipeTransform | Type<PipeTransform>)[]): EnhancerDecorator {
  return enhancers('pipe', pipes);
}

/** Runs interceptors, the first outermost, around `@BeforeHandle`, `@OnOpen`, each message and `@OnClose`. */
export function UseInterceptors(
  ...interceptors: (NestInterceptor | Type<NestInterceptor>)[]
): EnhancerDecorator {
  return enhancers('interceptor', interceptors);
}

/** Lets filters handle what is thrown: the nearest whose `@Catch()` fits, of the method before that of the class. */
export function UseFilters(...filters: (ExceptionFilter | Type<ExceptionFilter>)[]): EnhancerDecorator {
  return enhancers('filter', filters);
}

/** Names the exceptions that a filter is for, their subclasses included; `@Catch()` is for all of them. */
export function Catch(...exceptions: AbstractType[]): ClassDecorator {
  return target => recordCaught(target, exceptions);
}

/** Makes one decorator of several: for a class, a method or a property, as the several are. */
export function applyDecorators(
  ...decorators: (ClassDecorator | MethodDecorator | PropertyDecorator)[]
): EnhancerDecorator & PropertyDecorator {
  // biome-ignore lint/suspicious/noExplicitAny: a decorator's parameters depend on what it is put on
  return (...place: readonly any[]) => {
    for (const decorator of decorators) (decorator as (...given: readonly unknown[]) => void)(...place);
  };
}

function enhancers(kind: EnhancerKind, given: readonly unknown[]): EnhancerDecorator {
  return (target: object, _method?: unknown, descriptor?: PropertyDescriptor) => {
    recordEnhancers(kind, target, { descriptor, given });
  };
}
