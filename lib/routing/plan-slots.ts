import type { HookName, ParameterSource, SlotName } from '../metadata/controller-metadata.ts';
import type { ReflectedType } from '../reflected-types.ts';
import { isStandardSchema } from '../validation/validation.ts';
import { type ArgumentContext, type Parameter, report } from './argument-context.ts';
import { isCheckable, resolveType, show } from './body-type.ts';
import { hookName } from './hook-name.ts';
import type { PathPattern } from './path-pattern.ts';
import { hasPipes, isSamePipes, piped } from './piped.ts';
import type { Argument, ScalarConstructor, SlotPlan, SlotType } from './plan.ts';
import { suggest } from './suggest.ts';

const SCALARS: readonly unknown[] = [String, Number, Boolean, Date, Array];
const UPGRADE_HOOKS: readonly HookName[] = ['parse', 'transform', 'beforeHandle', 'upgradeHeaders'];

const NOT_OF_ONE_VALUE = {
  what: 'one value is a string, a number, a boolean, a Date, a list, or what a Standard Schema makes of it',
  fix: 'Take one of these, or drop the key and take all values as a DTO',
};
const NOT_CHECKABLE = {
  what: 'all values together are a record, a DTO, or what a Standard Schema makes of them',
  fix: 'Take one of these, or a single value by its key',
};

/** Hooks that run before the slots are checked. */
const RAW_HOOKS: readonly HookName[] = ['parse', 'transform'];

type SlotSource = Extract<ParameterSource, { from: SlotName }>;

/** Gathers what the hooks of one controller take from the upgrade request, each once. */
export class SlotPlanner {
  readonly plans: SlotPlan[] = [];
  readonly #pattern: PathPattern;

  constructor(pattern: PathPattern) {
    this.#pattern = pattern;
  }

  plan(parameter: Parameter, source: SlotSource, context: ArgumentContext): Argument | undefined {
    const { from: name, key } = source;
    if (name === 'params' && key !== undefined && !this.#pattern.names.includes(key)) {
      return this.#reportUnknownParameter(parameter, key, context);
    }
    if (RAW_HOOKS.includes(context.declaration.hook)) {
      return report(parameter, context, {
        code: 'GATEWIRE_MISPLACED_PARAMETER',
        what: `the ${name} are not checked yet when ${hookName(context.declaration.hook)} runs`,
        fix: `Take the Handshake, and its raw ${name}`,
      });
    }
    const type = slotType(source, parameter.type);
    if (typeof type === 'string') {
      return report(parameter, context, {
        code: 'GATEWIRE_UNTYPED_PARAMETER',
        ...(key === undefined ? NOT_CHECKABLE : NOT_OF_ONE_VALUE),
        got: type,
      });
    }
    const isDto = type.kind === 'checked';
    const slot = this.#share({ name, key, type, isDto, isKept: false, ...piped(parameter, source, context) });
    if (!UPGRADE_HOOKS.includes(context.declaration.hook)) slot.isKept = true;
    return { from: 'slot', slot };
  }

  #share(wanted: SlotPlan): SlotPlan {
    const same = this.plans.find(
      plan =>
        plan.name === wanted.name &&
        plan.key === wanted.key &&
        isSameType(plan.type, wanted.type) &&
        isSamePipes(plan, wanted),
    );
    if (same !== undefined) return same;
    this.plans.push(wanted);
    return wanted;
  }

  #reportUnknownParameter(parameter: Parameter, key: string, context: ArgumentContext): undefined {
    const { path, names } = this.#pattern;
    return report(parameter, context, {
      code: 'GATEWIRE_UNKNOWN_PATH_PARAMETER',
      what: `"${path}" has no parameter "${key}"`,
      fix: `${suggest(key, names)}${names.length === 0 ? `Add "/:${key}" to the path, or take it from the query: @Query('${key}')` : `The path has ${names.join(', ')}`}`,
    });
  }
}

/** What a slot parameter takes; a text names a type that a single text cannot become. */
function slotType(source: SlotSource, reflected: ReflectedType): SlotType | string {
  const { key, type: declared } = source;
  const type = declared === undefined ? reflected : resolveType(declared);
  if (type === undefined || type === Object) return { kind: 'raw' };
  // The type of a value that pipes of its own convert is theirs to make.
  if (key !== undefined && hasPipes(source) && !isStandardSchema(type)) return { kind: 'raw' };
  if (SCALARS.includes(type)) {
    return key === undefined ? { kind: 'raw' } : { kind: 'scalar', type: type as ScalarConstructor };
  }
  if (isStandardSchema(type)) return { kind: 'checked', type };
  if (key !== undefined || Array.isArray(type) || !isCheckable(type)) return show(type);
  return { kind: 'checked', type: type as Extract<SlotType, { kind: 'checked' }>['type'] };
}

function isSameType(one: SlotType, other: SlotType): boolean {
  if (one.kind === 'raw' || other.kind === 'raw') return one.kind === other.kind;
  return one.kind === other.kind && one.type === other.type;
}
