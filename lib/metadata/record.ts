import { declarationsOf, type HookDeclaration, type ParameterSource } from './controller-metadata.ts';
import { DeclarationSite } from './declaration-site.ts';

/** Records a hook method; what the decorator was wrongly put on is recorded too, for the report at start. */
export function recordHook(
  target: object,
  property: { readonly method: PropertyKey; readonly descriptor: PropertyDescriptor | undefined },
  hook: Omit<HookDeclaration, 'method'> & { readonly decorator: string },
): void {
  const { method, descriptor } = property;
  if (isStandardContext(method)) return;
  const { decorator, ...declaration } = hook;
  if (typeof target !== 'function' && typeof descriptor?.value === 'function') {
    declarationsOf(target.constructor).hooks.push({ ...declaration, method });
    return;
  }
  const owner = typeof target === 'function' ? target : target.constructor;
  declarationsOf(owner).mistakes.push({
    code: 'GATEWIRE_MISPLACED_DECORATOR',
    where: `${owner.name}.${String(method)}`,
    what: `@${decorator}() is for instance methods`,
    got: memberKind(target, descriptor),
    fix: `Put @${decorator}() on an ordinary method`,
  });
}

function memberKind(target: object, descriptor: PropertyDescriptor | undefined): string {
  if (typeof target === 'function') return 'a static member';
  return descriptor === undefined ? 'a property' : 'an accessor';
}

/** Records where a parameter takes its value from. */
export function recordParameter(
  target: object,
  place: { readonly method: PropertyKey | undefined; readonly index: number },
  source: ParameterSource & { readonly decorator: string },
): void {
  const { method, index } = place;
  const { decorator, ...declared } = source;
  if (method !== undefined && typeof target !== 'function') {
    declarationsOf(target.constructor).parameters.push({ method, index, source: declared });
    return;
  }
  const owner = typeof target === 'function' ? target : target.constructor;
  declarationsOf(owner).mistakes.push({
    code: 'GATEWIRE_MISPLACED_PARAMETER',
    where: `${owner.name}${method === undefined ? ' constructor' : `.${String(method)}()`} parameter ${index}`,
    what: `@${decorator}() is for the parameters of hook methods`,
    got: method === undefined ? 'the constructor' : 'a static method',
    fix: 'Take the value in the hook method that needs it: one instance of the class serves every connection',
  });
}

/** Records what `@WebSocketRoute()` says of a class. */
export function recordRoute(
  controller: object,
  context: unknown,
  route: { path: string; options: unknown },
): void {
  const own = declarationsOf(controller);
  own.route = { ...route, site: new DeclarationSite() };
  if (!isStandardContext(context)) return;
  own.mistakes.push({
    code: 'GATEWIRE_STANDARD_DECORATORS',
    where: (controller as { name: string }).name,
    what: 'decorators ran in standard (TC39) mode, which has no parameter decorators and no types',
    got: 'a context object as second argument',
    fix: 'Set "experimentalDecorators" and "emitDecoratorMetadata" to true in the tsconfig.json of the folder you start Bun in; Bun reads no other',
  });
}

/** Whether a decorator's second argument is the context object of a standard decorator. */
function isStandardContext(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
