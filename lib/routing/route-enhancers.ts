import type { CanActivate } from '../enhancers/can-activate.ts';
import { declaredEnhancers, type EnhancerKind } from '../enhancers/enhancer-metadata.ts';
import type { EventContext } from '../enhancers/event-context.ts';
import type { ExceptionFilter } from '../enhancers/exception-filter.ts';
import type { Callee, Phase } from '../enhancers/execution-context.ts';
import type { NestInterceptor } from '../enhancers/nest-interceptor.ts';
import type { ArgumentMetadata, PipeTransform } from '../enhancers/pipe-transform.ts';
import { isCompiledPipe, type ValidationPipe } from '../enhancers/validation-pipe.ts';
import type { Type } from '../injection/token.ts';
import type { HookName } from '../metadata/controller-metadata.ts';
import { handlerOf, methodEnhancers } from '../metadata/decorated-methods.ts';
import type { Validation } from '../validation/validation.ts';
import type { EnhancerBinder, EnhancerSource } from './enhancer-binder.ts';
import type { HookPlan, PipedPlan, RoutePlan } from './plan.ts';
import type { Bound, BoundPipes, FailingHook, Hook, MessageHandler } from './route.ts';

/** Enhancers of the whole application, by kind. */
export type GlobalEnhancers = Readonly<Record<EnhancerKind, readonly EnhancerSource[]>>;

/** What the enhancers of a route are found with. */
export interface EnhancerParts {
  readonly binder: EnhancerBinder;
  readonly globals: GlobalEnhancers;
  /** How the application checks. */
  readonly validation: Validation;
  /** How a pipe does. */
  readonly validationBy: (pipe: ValidationPipe) => Validation;
  /** `null` where nothing in the application injects it. */
  readonly context: EventContext | null;
}

/** How a DTO of a parameter is checked, and by whose word. */
export interface ParameterValidation {
  readonly validation: Validation;
  /** Which says what is thrown. */
  readonly pipe: ValidationPipe | null;
}

const PHASES: Readonly<Record<HookName, Phase>> = {
  parse: 'upgrade',
  transform: 'upgrade',
  beforeHandle: 'upgrade',
  upgradeHeaders: 'upgrade',
  open: 'open',
  auth: 'message',
  parseMessage: 'message',
  transformMessage: 'message',
  message: 'message',
  drain: 'drain',
  ping: 'ping',
  pong: 'pong',
  close: 'close',
  error: 'error',
};

/** Hooks that interceptors run around. */
export const INTERCEPTED: readonly HookName[] = ['beforeHandle', 'open', 'message', 'close'];

/** The guards, pipes, interceptors and filters of one controller: global → module → class → method → parameter. */
export class RouteEnhancers {
  readonly context: EventContext | null;
  readonly #plan: RoutePlan;
  readonly #parts: EnhancerParts;

  constructor(plan: RoutePlan, parts: EnhancerParts) {
    this.#plan = plan;
    this.#parts = parts;
    this.context = parts.context;
  }

  /** Guards of the upgrade. */
  get guards(): readonly Bound<CanActivate>[] | null {
    return orNull(this.#ofClass<CanActivate>('guard'));
  }

  /** What fails in a phase where no method is called. */
  ofClass(hook: 'message' | 'beforeHandle'): FailingHook {
    const { controller } = this.#plan;
    return Object.freeze({
      hook,
      where: controller.name,
      callee: { type: controller, handler: controller, phase: PHASES[hook] } satisfies Callee,
      filters: orNull(this.#ofClass<ExceptionFilter>('filter').reverse()),
    });
  }

  /** What every hook has. */
  ofHook({ hook, method, where }: HookPlan): FailingHook & Pick<Hook<never>, 'interceptors' | 'isEnhanced'> {
    const { controller } = this.#plan;
    const handler = handlerOf(controller, method) as Callee['handler'];
    const interceptors = INTERCEPTED.includes(hook)
      ? this.#ofMethod<NestInterceptor>('interceptor', method)
      : [];
    return {
      hook,
      where,
      callee: { type: controller, handler, phase: PHASES[hook] },
      filters: orNull(this.#ofMethod<ExceptionFilter>('filter', method).reverse()),
      interceptors: orNull(interceptors),
      isEnhanced: interceptors.length > 0 || this.context !== null,
    };
  }

  /** What a message handler has besides. */
  ofHandler(plan: HookPlan): Pick<MessageHandler, 'guards' | 'isEnhanced'> {
    const guards = orNull(this.#ofMethod<CanActivate>('guard', plan.method));
    return { guards, isEnhanced: guards !== null || this.ofHook(plan).isEnhanced };
  }

  /** The pipes of a parameter that run, and what they are told of it; `null` where there is none. */
  pipes(plan: PipedPlan, type: ArgumentMetadata['type'], key?: string): BoundPipes | null {
    const metadata = metadataOf(plan, type, key);
    const list = this.#pipesOf(plan).filter(({ instance }) => !isCompiled(instance, plan, metadata));
    return list.length === 0 ? null : { list, metadata };
  }

  /** How a DTO of a parameter is checked: as the nearest `ValidationPipe` says, else as the application does. */
  validation(plan: PipedPlan): ParameterValidation {
    const pipe = this.#pipesOf(plan).findLast(({ instance }) => isCompiledPipe(instance))?.instance;
    if (!isCompiledPipe(pipe)) return { validation: this.#parts.validation, pipe: null };
    return { validation: this.#parts.validationBy(pipe), pipe };
  }

  #pipesOf(plan: PipedPlan): Bound<PipeTransform>[] {
    const own = plan.pipes.map(pipe => this.#parts.binder.declared<PipeTransform>(pipe));
    return [...this.#ofClass<PipeTransform>('pipe'), ...own];
  }

  #ofMethod<Enhancer>(kind: EnhancerKind, method: PropertyKey): Bound<Enhancer>[] {
    const own = methodEnhancers(kind, this.#plan.controller, method);
    return [
      ...this.#ofClass<Enhancer>(kind),
      ...own.map(given => this.#parts.binder.declared<Enhancer>(given)),
    ];
  }

  #ofClass<Enhancer>(kind: EnhancerKind): Bound<Enhancer>[] {
    const { binder, globals } = this.#parts;
    const { controller, module } = this.#plan;
    const declared = [...declaredEnhancers(kind, module.type), ...declaredEnhancers(kind, controller)];
    return [
      ...globals[kind].map(source => binder.bind<Enhancer>(source)),
      ...declared.map(given => binder.declared<Enhancer>(given)),
    ];
  }
}

function metadataOf(
  { metatype }: PipedPlan,
  type: ArgumentMetadata['type'],
  data: string | undefined,
): ArgumentMetadata {
  return { type, metatype: metatype as Type | undefined, data };
}

/** Whether a pipe has nothing to do at run time: a route checks by the parameter's own type anyway. */
function isCompiled(pipe: unknown, { isDto }: PipedPlan, metadata: ArgumentMetadata): boolean {
  if (!isCompiledPipe(pipe)) return false;
  const type = pipe.typeOf(metadata);
  return isDto || type === undefined || (type === metadata.metatype && metadata.type !== 'custom');
}

function orNull<Item>(list: readonly Item[]): readonly Item[] | null {
  return list.length === 0 ? null : list;
}
