/** How many instances of a provider there are. */
export enum Scope {
  /** One for the application. */
  DEFAULT = 0,
  /** One for each class that injects it. */
  TRANSIENT = 1,
  /** The same as `CONNECTION`, by the name NestJS gives it. */
  REQUEST = 2,
  /** One for each connection: built at the upgrade, shared by all hooks, disposed after `@OnClose`. */
  CONNECTION = REQUEST,
}

/** Options of `@Injectable()`. */
export interface ScopeOptions {
  readonly scope?: Scope;
}

/** Injects what a connection began with, into providers of `Scope.CONNECTION`. */
export const REQUEST = 'REQUEST';

/** Injects the instance that a transient provider was made for. */
export const INQUIRER = 'INQUIRER';
