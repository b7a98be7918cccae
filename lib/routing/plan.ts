import type { ModuleNode } from '../injection/graph.ts';
import type {
  ControllerClass,
  HookName,
  ParameterFactory,
  SlotName,
} from '../metadata/controller-metadata.ts';
import type { DeclarationSite } from '../metadata/declaration-site.ts';
import type { RouteOptionsFactory } from '../metadata/route-options.ts';
import type { ValueType } from '../validation/validation.ts';
import type { BodyType } from './body-type.ts';
import type { PathPattern } from './path-pattern.ts';
import type { TokenLimit } from './rate-limits.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** Where one argument of a hook comes from, decided by its decorator, its type or its position. */
export type Argument =
  | { readonly from: 'connection' | 'handshake' | 'signal' | 'event' }
  /** What the hook itself gives: its first or second value. */
  | { readonly from: 'given'; readonly at: 0 | 1 }
  /** A message's body; the number is its place among several keyed ones. */
  | { readonly from: 'body'; readonly body: BodyPlan }
  | { readonly from: 'slot'; readonly slot: SlotPlan }
  | ({ readonly from: 'custom'; readonly factory: ParameterFactory; readonly data: unknown } & PipedPlan);

/** What pipes are run on: those of its method and its own, which come after the class's; and its type as declared. */
export interface PipedPlan {
  readonly pipes: readonly unknown[];
  readonly metatype: unknown;
  /** Whether the parameter is checked as a DTO class, or a list of one. */
  readonly isDto: boolean;
}

/** One body parameter: the whole message, or the property `key` of it. */
export interface BodyPlan extends PipedPlan {
  readonly key: string | undefined;
  readonly type: BodyType;
}

/** One value taken from the upgrade request; hooks that take the same one share its plan. */
export interface SlotPlan extends PipedPlan {
  readonly name: SlotName;
  readonly key: string | undefined;
  /** `'raw'` as it is; a constructor for the text of one key; anything else is checked as a whole. */
  readonly type: SlotType;
  isKept: boolean;
}

export type SlotType =
  | { readonly kind: 'raw' }
  | { readonly kind: 'scalar'; readonly type: ScalarConstructor }
  | Extract<BodyType, { kind: 'checked' }>;

export type ScalarConstructor =
  | StringConstructor
  | NumberConstructor
  | BooleanConstructor
  | DateConstructor
  | ArrayConstructor;

/** A hook method with its arguments decided. */
export interface HookPlan {
  readonly hook: HookName;
  readonly method: PropertyKey;
  readonly event: string | undefined;
  readonly where: string;
  readonly arguments: readonly Argument[];
  /** Of `@Returns()`. */
  readonly returns: ValueType | null;
  /** Whether the method is declared `async`. */
  readonly isAsync: boolean;
  /** Of `@RateLimit()`. */
  readonly rateLimit: TokenLimit | null;
}

/** A route's options as far as they are known before its providers exist. */
export interface OptionsPlan {
  readonly defaults: ResolvedOptions;
  readonly factory: RouteOptionsFactory | null;
}

/** A class of a module's `controllers`. */
export interface ScannedController {
  readonly type: ControllerClass;
  readonly module: ModuleNode;
}

/** A controller, read and checked, before anything of it is compiled. */
export interface RoutePlan {
  readonly controller: ControllerClass;
  readonly module: ModuleNode;
  /** Where it was decorated. */
  readonly site: DeclarationSite;
  readonly pattern: PathPattern;
  readonly options: OptionsPlan;
  readonly hooks: readonly HookPlan[];
  readonly slots: readonly SlotPlan[];
  /** Of `@Emits()`: types by event. */
  readonly emits: ReadonlyMap<string, ValueType>;
}
