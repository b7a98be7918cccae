import {
  declaredEnhancers,
  ENHANCER_KINDS,
  ENHANCER_METHODS,
  type EnhancerKind,
} from '../enhancers/enhancer-metadata.ts';
import type { Mistake } from '../errors.ts';
import { decoratedMethods } from '../metadata/decorated-methods.ts';
import { show } from './body-type.ts';
import { checkCaught, isEnhancer } from './check-provided.ts';
import { hookName } from './hook-name.ts';
import type { HookPlan, RoutePlan } from './plan.ts';
import { INTERCEPTED } from './route-enhancers.ts';

const DECORATORS: Readonly<Record<EnhancerKind, string>> = {
  guard: '@UseGuards()',
  pipe: '@UsePipes()',
  interceptor: '@UseInterceptors()',
  filter: '@UseFilters()',
};

/** Reports what was given as a guard, pipe, interceptor or filter and is none, and those that would never run. */
export function checkEnhancers(plans: readonly RoutePlan[], mistakes: Mistake[]): void {
  for (const module of new Set(plans.map(plan => plan.module.type))) {
    mistakes.push(...checkDeclared(module, module.name));
  }
  for (const controller of new Set(plans.map(plan => plan.controller))) {
    mistakes.push(...checkDeclared(controller, controller.name));
  }
  for (const { controller, hooks } of plans) {
    for (const [method, [first, ...others]] of Map.groupBy(hooks, plan => plan.method)) {
      const methods = decoratedMethods(controller, method);
      const { where } = first as HookPlan;
      mistakes.push(
        ...methods.flatMap(each => checkDeclared(each, where)),
        ...checkMeaning(methods, [first as HookPlan, ...others]),
      );
    }
  }
}

function checkDeclared(decorated: object, where: string): Mistake[] {
  return ENHANCER_KINDS.flatMap(kind =>
    declaredEnhancers(kind, decorated).flatMap(given =>
      checkEnhancer(kind, `${DECORATORS[kind]} of ${where}`, given),
    ),
  );
}

function checkEnhancer(kind: EnhancerKind, where: string, given: unknown): Mistake[] {
  const instance: unknown = typeof given === 'function' ? given.prototype : given;
  if (!isEnhancer(kind, instance)) return [notAnEnhancer(kind, where, given)];
  return kind === 'filter' ? checkCaught(instance) : [];
}

function notAnEnhancer(kind: EnhancerKind, where: string, given: unknown): Mistake {
  const isMissing = given === undefined || given === null;
  return {
    code: 'GATEWIRE_INVALID_ENHANCER',
    where,
    what: isMissing
      ? `the ${kind} is missing, most often because its file and this one import each other`
      : `not ${kind === 'interceptor' ? 'an' : 'a'} ${kind}`,
    got: show(given),
    fix: isMissing
      ? 'Move what both files need into a third one'
      : `Pass a class with the method ${ENHANCER_METHODS[kind]}(), or an instance of one`,
  };
}

/** Guards are asked before messages; interceptors run around four hooks. */
function checkMeaning(methods: readonly object[], plans: readonly [HookPlan, ...HookPlan[]]): Mistake[] {
  const mistakes: Mistake[] = [];
  const [{ hook, where }] = plans;
  const report = (kind: EnhancerKind, what: string, fix: string) => {
    if (methods.every(each => declaredEnhancers(kind, each).length === 0)) return;
    mistakes.push({ code: 'GATEWIRE_MISPLACED_DECORATOR', where, what: `${DECORATORS[kind]} ${what}`, fix });
  };
  if (plans.every(plan => plan.hook !== 'message')) {
    report(
      'guard',
      `on a method is for the messages of @OnMessage(), and this one is ${hookName(hook)}`,
      'Put it on the class, whose guards are asked at the upgrade and before each message',
    );
  }
  if (plans.every(plan => !INTERCEPTED.includes(plan.hook))) {
    report(
      'interceptor',
      `has no effect around ${hookName(hook)}`,
      `Interceptors run around ${INTERCEPTED.map(hookName).join(', ')}`,
    );
  }
  return mistakes;
}
