import { type ModuleMetadata, recordGlobal, recordModule } from '../injection/module-metadata.ts';

/**
 * Groups controllers with the providers they need. Providers are private to their module unless it exports
 * them, and then there for the modules that import it.
 *
 * @example
 * ```ts
 * @Module({ imports: [DbModule], controllers: [ChatController], providers: [ChatService] })
 * export class ChatModule {}
 * ```
 */
export function Module(metadata: ModuleMetadata): ClassDecorator {
  return (target, ...context: unknown[]) => recordModule(target, context[0], metadata);
}

/** Makes what a module exports available to every module, imported or not. Import it once, in the root. */
export function Global(): ClassDecorator {
  return (target, ...context: unknown[]) => recordGlobal(target, context[0]);
}
