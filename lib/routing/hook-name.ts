import type { HookName } from '../metadata/controller-metadata.ts';

/** A hook as the user wrote it: `@OnOpen()`. */
export function hookName(hook: HookName): string {
  const isOn = ['open', 'auth', 'message', 'drain', 'ping', 'pong', 'close', 'error'].includes(hook);
  const name = hook.charAt(0).toUpperCase() + hook.slice(1);
  return `@${isOn ? 'On' : ''}${name}()`;
}
