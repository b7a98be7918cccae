import type { Connection } from '../connection/connection.ts';
import type { ConnectionRoute } from '../connection/connection-route.ts';
import type { Handshake } from '../connection/handshake.ts';
import type { JsonBounds } from '../connection/json-bounds.ts';
import type { CanActivate } from '../enhancers/can-activate.ts';
import type { EventContext } from '../enhancers/event-context.ts';
import type { ExceptionFilter } from '../enhancers/exception-filter.ts';
import type { Callee } from '../enhancers/execution-context.ts';
import type { NestInterceptor } from '../enhancers/nest-interceptor.ts';
import type { ArgumentMetadata, PipeTransform } from '../enhancers/pipe-transform.ts';
import type { RateLimiter } from '../enhancers/rate-limiter.ts';
import type { Invalid } from '../errors.ts';
import type { HookName, SlotName } from '../metadata/controller-metadata.ts';
import type { OriginRequest } from './origins.ts';
import type { PathPattern } from './path-pattern.ts';
import type { BodyPlan, SlotType } from './plan.ts';
import type { TokenLimit } from './rate-limits.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** Calls a hook method with the arguments its parameters declare; `a` and `b` are what the hook itself gives. */
export type Invoke<Subject> = (controller: object, subject: Subject, a: unknown, b: unknown) => unknown;

/** Gives the checked value, an `Invalid`, or a promise of either. */
export type Check = (value: unknown) => unknown;

/** A guard, pipe, interceptor or filter that applies: the application's, or that of a connection. */
export interface Bound<Enhancer> {
  /** Its class, for messages. */
  readonly name: string;
  /** The application's; `null` where each connection has its own. */
  readonly instance: Enhancer | null;
  readonly of: (scope: ControllerScope | null) => Enhancer;
}

/** A pipe on a parameter, and what it is told of it. */
export interface BoundPipes {
  readonly list: readonly Bound<PipeTransform>[];
  readonly metadata: ArgumentMetadata;
}

/** Whose failure it is when something is thrown, and who may handle it. */
export interface FailingHook {
  readonly hook: HookName;
  /** `ChatController.onOpen()` */
  readonly where: string;
  /** What filters and guards are told is called. */
  readonly callee: Callee;
  /** The nearest first; `null` where there is none. */
  readonly filters: readonly Bound<ExceptionFilter>[] | null;
}

/** A hook method, ready to be called. */
export interface Hook<Subject> extends FailingHook {
  /** Run around it, the outermost first; `null` where there is none. */
  readonly interceptors: readonly Bound<NestInterceptor>[] | null;
  /** Whether there are guards, interceptors or an event context: then it takes the longer way. */
  readonly isEnhanced: boolean;
  readonly invoke: Invoke<Subject>;
  /** Checks and serialises what it returns (`@Returns()`); `null` where anything may be. */
  readonly returns: Check | null;
}

export type UpgradeHook = Hook<Handshake>;

/** A hook of an open connection. */
export interface ConnectionHook extends Hook<Connection> {
  /** Whether it is asynchronous and takes a signal, which is then that of its call alone. */
  readonly takesSignal: boolean;
}

/** The method that handles a kind of message. Its `a` is the checked body, its `b` the event's name. */
export interface MessageHandler extends ConnectionHook {
  /** The event it was declared for; empty on a plain route. */
  readonly event: string;
  /** What its body parameters take, for whoever reads the Route. */
  readonly bodies: readonly BodyPlan[];
  /** How the body is got from a frame of a plain route. */
  readonly decode: 'json' | 'text' | 'bytes';
  /** Gives what the body parameters take, an `Invalid`, or a promise of either; `null` where nothing is checked. */
  readonly validate: Check | null;
  /** Asked before that check; `null` where there is none. */
  readonly guards: readonly Bound<CanActivate>[] | null;
  /** Of `@RateLimit()`. */
  readonly limit: TokenLimit | null;
  /** What runs before that check (`@TransformMessage()`), in order. */
  readonly transforms: readonly ConnectionHook[] | null;
}

/** The method that `$auth` frames are for. Its `a` is their checked data. */
export interface AuthHook extends ConnectionHook {
  /** Gives what the body parameters take, an `Invalid`, or a promise of either; `null` where nothing is checked. */
  readonly validate: Check | null;
}

/** What hooks take from the upgrade request. */
export interface Slots {
  readonly list: readonly Slot[];
  /** Which of them a hook after the upgrade takes too. */
  readonly kept: 'all' | 'some' | 'none';
  /** The issues of all of them together, as many as a client may see; `undefined` where there are none. */
  readonly gather: (values: readonly unknown[]) => Invalid | undefined;
}

/** One value that hooks take from the upgrade request, read and checked once. */
export interface Slot {
  readonly name: SlotName;
  readonly key: string | undefined;
  /** The keys that matter of that part of the request; `null` where all may. */
  readonly names: readonly string[] | null;
  /** What it is read as, for whoever reads the Route. */
  readonly type: SlotType;
  readonly validate: Check | null;
  /** Run on what the check gives; `null` where there is none. */
  readonly pipes: BoundPipes | null;
  /** Whether a hook after the upgrade takes it too. */
  readonly isKept: boolean;
}

/** What lives as long as one connection: its controller or enhancers, and the providers made for them. */
export interface ControllerScope {
  /** The controller, once everything of the connection's own is made. @throws what a constructor or factory threw, also as a rejection. */
  controller(): object | Promise<object>;
  /** The enhancers of the connection's own, in the order in which the Route numbers them. */
  readonly enhancers: readonly unknown[];
  /** Cleans up, and gives what went wrong with it. */
  dispose(): Promise<readonly unknown[]>;
}

/** Everything the server needs to serve one controller, decided at start. */
export interface Route extends ConnectionRoute {
  readonly path: string;
  readonly pattern: PathPattern;
  readonly controller: abstract new (...args: never[]) => object;
  /** The controller every connection shares; `null` where each has its own. */
  readonly instance: object | null;
  /** Makes the scope of one connection, with a controller of its own (`Scope.CONNECTION`). */
  readonly openScope: ((handshake: Handshake) => ControllerScope) | null;
  readonly options: ResolvedOptions;
  /** What a connection may send; `null` where anything. */
  readonly limit: TokenLimit | null;
  /** Counts in the place of the connections' own buckets. */
  readonly limiter: RateLimiter | null;
  /** Whether messages are counted as they come in. */
  readonly countsMessages: boolean;
  /** What JSON may be where nothing else bounds what is read. */
  readonly bounds: JsonBounds;
  /** Judges the `Origin` header; `null` lets every origin in. */
  readonly allowsOrigin: ((request: OriginRequest) => boolean) | null;
  readonly slots: Slots | null;
  /** Where none of its methods is called: an unknown event, a bad frame. */
  readonly unhandled: FailingHook;
  /** Where none is at the upgrade: its guards, its parameters. */
  readonly upgrading: FailingHook;
  /** Guards of the upgrade; `null` where there is none. */
  readonly guards: readonly Bound<CanActivate>[] | null;
  /** What tells services the current event; `null` where none asks. */
  readonly context: EventContext | null;
  /** Whether the parts of the upgrade request are kept for the life of the connection: an enhancer may read them. */
  readonly keepsRequest: boolean;
  readonly parse: readonly UpgradeHook[] | null;
  readonly transform: readonly UpgradeHook[] | null;
  readonly beforeHandle: readonly UpgradeHook[] | null;
  readonly upgradeHeaders: readonly UpgradeHook[] | null;
  /** `options.headers` as pairs. */
  readonly headers: readonly (readonly [name: string, value: string])[] | null;
  readonly open: ConnectionHook | null;
  readonly auth: AuthHook | null;
  readonly drain: ConnectionHook | null;
  readonly ping: ConnectionHook | null;
  readonly pong: ConnectionHook | null;
  readonly close: ConnectionHook | null;
  readonly error: ConnectionHook | null;
  readonly parseMessage: readonly ConnectionHook[] | null;
  /** Handlers of a plain route, by the kind of frame. */
  readonly text: MessageHandler | null;
  readonly binary: MessageHandler | null;
  /** Handlers of an events route. */
  readonly events: ReadonlyMap<string, MessageHandler> | null;
  readonly fallback: MessageHandler | null;
}
