import type { Type } from '../injection/token.ts';

/**
 * Changes or refuses one argument of a handler before the handler runs: as a class or an instance in
 * `@UsePipes()`, or behind the key of a parameter, `@Param('id', ParseIntPipe)`.
 *
 * What it returns becomes the argument, or the value of the next pipe; what it throws goes to the filters.
 *
 * @example
 * ```ts
 * class TrimPipe implements PipeTransform<string, string> {
 *   transform(value: string): string {
 *     return value.trim();
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: a pipe that names no types takes and gives what it likes, as in NestJS
export interface PipeTransform<T = any, R = any> {
  /** Gives the argument, or a promise of it. A pipe that is not `async` keeps a synchronous handler so. */
  transform(value: T, metadata: ArgumentMetadata): R;
}

/** What a pipe is told of the argument it works on. */
export interface ArgumentMetadata {
  /** Where the argument comes from; `custom` is the connection, and whatever `createParamDecorator()` made. */
  readonly type: ArgumentSource;
  /** The type that TypeScript reflected, or the class that a decorator named; `Object` for an interface. */
  readonly metatype?: Type<unknown> | undefined;
  /** The decorator's argument: `id` in `@Param('id')`. */
  readonly data?: string | undefined;
}

/** NestJS's names, and `headers` and `cookies`, which NestJS has no decorator for in a gateway. */
export type ArgumentSource = 'body' | 'query' | 'param' | 'headers' | 'cookies' | 'custom';
