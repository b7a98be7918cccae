import type { Connection, ConnectionRoute } from '../connection/connection.ts';
import type { Handshake } from '../connection/handshake.ts';
import type { HookName, SlotName } from '../metadata/controller-metadata.ts';
import type { OriginRequest } from './origins.ts';
import type { PathPattern } from './path-pattern.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** Calls a hook method with the arguments its parameters declare; `a` and `b` are what the hook itself gives. */
export type Invoke<Subject> = (controller: object, subject: Subject, a: unknown, b: unknown) => unknown;

/** A hook method, ready to be called. */
export interface Hook<Subject> {
  readonly hook: HookName;
  /** `ChatController.onOpen()` */
  readonly where: string;
  readonly invoke: Invoke<Subject>;
}

export type UpgradeHook = Hook<Handshake>;
export type ConnectionHook = Hook<Connection>;

/** The method that handles a kind of message. Its `a` is the checked body, its `b` the event's name. */
export interface MessageHandler extends ConnectionHook {
  /** The event it was declared for; empty on a plain route. */
  readonly event: string;
  /** How the body is got from a frame of a plain route. */
  readonly decode: 'json' | 'text' | 'bytes';
  /** Gives what the body parameters take, an `Invalid`, or a promise of either; `null` where nothing is checked. */
  readonly validate: ((value: unknown) => unknown) | null;
}

/** One value that hooks take from the upgrade request, read and checked once. */
export interface Slot {
  readonly name: SlotName;
  readonly key: string | undefined;
  readonly validate: ((value: unknown) => unknown) | null;
  /** Whether a hook after the upgrade takes it too. */
  readonly isKept: boolean;
}

/** Everything the server needs to serve one controller, decided at start. */
export interface Route extends ConnectionRoute {
  readonly path: string;
  readonly pattern: PathPattern;
  readonly controller: abstract new (...args: never[]) => object;
  /** The controller every connection shares. */
  readonly instance: object;
  readonly options: ResolvedOptions;
  /** Judges the `Origin` header; `null` lets every origin in. */
  readonly allowsOrigin: ((request: OriginRequest) => boolean) | null;
  readonly slots: readonly Slot[] | null;
  readonly beforeHandle: readonly UpgradeHook[] | null;
  readonly open: ConnectionHook | null;
  readonly drain: ConnectionHook | null;
  readonly ping: ConnectionHook | null;
  readonly pong: ConnectionHook | null;
  readonly close: ConnectionHook | null;
  readonly error: ConnectionHook | null;
  /** Handlers of a plain route, by the kind of frame. */
  readonly text: MessageHandler | null;
  readonly binary: MessageHandler | null;
  /** Handlers of an events route. */
  readonly events: ReadonlyMap<string, MessageHandler> | null;
  readonly fallback: MessageHandler | null;
}
