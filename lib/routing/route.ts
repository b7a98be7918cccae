import type { Connection } from '../connection/connection.ts';
import type { ConnectionRoute } from '../connection/connection-route.ts';
import type { Handshake } from '../connection/handshake.ts';
import type { Invalid } from '../errors.ts';
import type { HookName, SlotName } from '../metadata/controller-metadata.ts';
import type { OriginRequest } from './origins.ts';
import type { PathPattern } from './path-pattern.ts';
import type { BodyPlan, SlotType } from './plan.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** Calls a hook method with the arguments its parameters declare; `a` and `b` are what the hook itself gives. */
export type Invoke<Subject> = (controller: object, subject: Subject, a: unknown, b: unknown) => unknown;

/** Gives the checked value, an `Invalid`, or a promise of either. */
export type Check = (value: unknown) => unknown;

/** A hook method, ready to be called. */
export interface Hook<Subject> {
  readonly hook: HookName;
  /** `ChatController.onOpen()` */
  readonly where: string;
  readonly invoke: Invoke<Subject>;
  /** Checks and serialises what it returns (`@Returns()`); `null` where anything may be. */
  readonly returns: Check | null;
}

export type UpgradeHook = Hook<Handshake>;
export type ConnectionHook = Hook<Connection>;

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
  /** What runs before that check (`@TransformMessage()`), in order. */
  readonly transforms: readonly ConnectionHook[] | null;
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
  /** What it is read as, for whoever reads the Route. */
  readonly type: SlotType;
  readonly validate: Check | null;
  /** Whether a hook after the upgrade takes it too. */
  readonly isKept: boolean;
}

/** What lives as long as one connection: its controller, and the providers made for it. */
export interface ControllerScope {
  /** @throws what a constructor or factory threw, also as a rejection. */
  controller(): object | Promise<object>;
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
  /** Judges the `Origin` header; `null` lets every origin in. */
  readonly allowsOrigin: ((request: OriginRequest) => boolean) | null;
  readonly slots: Slots | null;
  readonly parse: readonly UpgradeHook[] | null;
  readonly transform: readonly UpgradeHook[] | null;
  readonly beforeHandle: readonly UpgradeHook[] | null;
  readonly upgradeHeaders: readonly UpgradeHook[] | null;
  /** `options.headers` as pairs. */
  readonly headers: readonly (readonly [name: string, value: string])[] | null;
  readonly open: ConnectionHook | null;
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
