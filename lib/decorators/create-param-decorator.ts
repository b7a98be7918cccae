import type { ParameterFactory } from '../metadata/controller-metadata.ts';
import { recordParameter } from '../metadata/record.ts';
import { isPipe, type ParameterPipe } from './parameters.ts';

/**
 * Makes a parameter decorator of your own, for every hook: what the function returns, or what its promise resolves
 * to, is the argument. Pipes may follow its data.
 *
 * At the upgrade the context has no connection: `context.getHandshake()` is there in every hook.
 *
 * @example
 * ```ts
 * const User = createParamDecorator((key: string | undefined, context) => {
 *   const { user } = context.getHandshake();
 *   return key === undefined ? user : user?.[key];
 * });
 * // in a controller
 * @OnMessage('say')
 * say(@User('name') name: string, @MessageBody() message: Say) {}
 * ```
 */
export function createParamDecorator<Data = unknown, Value = unknown>(
  factory: ParameterFactory<Data, Value>,
): (data?: Data | ParameterPipe, ...pipes: ParameterPipe[]) => ParameterDecorator {
  return (first, ...others) => {
    const hasData = !isPipe(first);
    const data = hasData ? first : undefined;
    const pipes = hasData || first === undefined ? others : [first, ...others];
    return (target, method, index) =>
      recordParameter(
        target,
        { method, index },
        { from: 'custom', decorator: 'custom decorator', factory, data, pipes },
      );
  };
}
