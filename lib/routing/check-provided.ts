import {
  caughtBy,
  ENHANCER_KINDS,
  ENHANCER_METHODS,
  type EnhancerKind,
  GLOBAL_TOKENS,
} from '../enhancers/enhancer-metadata.ts';
import type { Mistake } from '../errors.ts';
import { show } from './body-type.ts';
import type { EnhancerOrigin } from './enhancer-binder.ts';
import type { GlobalEnhancers } from './route-enhancers.ts';

/** Reports what `APP_GUARD` and the like were provided with and is none; what each connection has of its own is not made yet. */
export function checkProvided(globals: GlobalEnhancers, origin: EnhancerOrigin): Mistake[] {
  return ENHANCER_KINDS.flatMap(kind =>
    globals[kind].flatMap(source => {
      if ('instance' in source || origin.isConnectionScoped(source.token, source.module)) return [];
      const where = `${GLOBAL_TOKENS[kind]} of ${source.module.type.name}`;
      return checkInstance(kind, where, origin.instance(source.token, source.module));
    }),
  );
}

function checkInstance(kind: EnhancerKind, where: string, instance: unknown): Mistake[] {
  if (isEnhancer(kind, instance)) return kind === 'filter' ? checkCaught(instance) : [];
  const method = ENHANCER_METHODS[kind];
  return [
    {
      code: 'GATEWIRE_INVALID_ENHANCER',
      where,
      what: `what is provided has no method ${method}()`,
      got: show(instance),
      fix: `Provide a class that has it by useClass, or an instance by useValue or useFactory`,
    },
  ];
}

/** Whether an instance has the method that makes it one. */
export function isEnhancer(kind: EnhancerKind, instance: unknown): instance is object {
  if (typeof instance !== 'object' || instance === null) return false;
  return typeof Reflect.get(instance, ENHANCER_METHODS[kind]) === 'function';
}

/** Reports what a filter names and can never catch: a circular import leaves a class undefined. */
export function checkCaught(filter: object): Mistake[] {
  const wrong = caughtBy(filter).filter(caught => typeof caught !== 'function');
  return wrong.map(caught => ({
    code: 'GATEWIRE_INVALID_ENHANCER',
    where: `@Catch() of ${filter.constructor.name}`,
    what: 'an exception is named by its class, which is missing most often because its file and this one import each other',
    got: show(caught),
    fix: 'Move what both files need into a third one',
  }));
}
