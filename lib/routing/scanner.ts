import { ConfigurationError, type Mistake } from '../errors.ts';
import { isStandardSchema, type Validation, type ValueType } from '../validation/validation.ts';
import { isCheckable, show } from './body-type.ts';
import { checkDeflate } from './check-deflate.ts';
import { checkEnhancers } from './check-enhancers.ts';
import { checkPaths } from './check-paths.ts';
import type { RoutePlan, ScannedController } from './plan.ts';
import { planRoute } from './plan-route.ts';
import { DEFAULT_OPTIONS, resolveOptions } from './resolve-options.ts';

/**
 * Reads and checks every controller; the mistakes of all of them are reported together. `websocket` is the
 * application's layer of options, under each route's own.
 */
export function scanControllers(
  controllers: readonly ScannedController[],
  websocket: unknown,
  mistakes: Mistake[],
): RoutePlan[] {
  const layer = { where: 'createApplication() option "websocket"', options: websocket };
  const defaults = resolveOptions(DEFAULT_OPTIONS, layer, mistakes);
  const plans = controllers.flatMap(controller => planRoute(controller, defaults, mistakes) ?? []);
  checkPaths(plans, mistakes);
  checkEnhancers(plans, mistakes);
  const decided = plans.filter(({ options }) => options.factory === null);
  checkDeflate(
    decided.map(({ controller, options }) => ({ name: controller.name, options: options.defaults })),
    mistakes,
  );
  return plans;
}

/**
 * Checks the DTO classes that the plans name, each once. class-validator is loaded only if there are any:
 * it costs a process 17 MB.
 */
export async function checkDtos(
  plans: readonly RoutePlan[],
  validation: Validation,
  mistakes: Mistake[],
): Promise<void> {
  const uses = new Map<DtoClass, string>();
  for (const plan of plans) {
    for (const { where, type } of typesOf(plan)) {
      const dto = dtoOf(type);
      if (!isCheckable(type)) mistakes.push(notCheckable(where, type));
      else if (dto !== undefined && !uses.has(dto)) uses.set(dto, where);
    }
  }
  if (uses.size === 0) return;
  try {
    await validation.load();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    mistakes.push(...error.mistakes);
    return;
  }
  for (const [dto, where] of uses) {
    mistakes.push(...validation.inspect(dto).map(mistake => ({ ...mistake, where })));
  }
}

type DtoClass = Parameters<Validation['inspect']>[0];

interface TypeUse {
  readonly where: string;
  readonly type: ValueType;
}

function* typesOf({ controller, hooks, emits }: RoutePlan): Iterable<TypeUse> {
  for (const [event, type] of emits) yield { where: `${controller.name} @Emits() "${event}"`, type };
  for (const { where, arguments: planned, returns } of hooks) {
    if (returns !== null) yield { where: `${where} @Returns()`, type: returns };
    for (const argument of planned) {
      if (argument.from === 'body' && argument.body.type.kind === 'checked') {
        yield { where, type: argument.body.type.type };
      }
      if (argument.from === 'slot' && argument.slot.type.kind === 'checked') {
        yield { where, type: argument.slot.type.type };
      }
    }
  }
}

function dtoOf(type: ValueType): DtoClass | undefined {
  const item = Array.isArray(type) ? type[0] : type;
  return isStandardSchema(item) ? undefined : (item as DtoClass);
}

function notCheckable(where: string, type: unknown): Mistake {
  return {
    code: 'GATEWIRE_INVALID_DTO',
    where,
    what: 'what it names is no DTO class, no list of one and no Standard Schema',
    got: show(type),
    fix: 'Pass a class, () => [Item] or a Standard Schema; undefined is most often a circular import, which () => TheClass solves',
  };
}
