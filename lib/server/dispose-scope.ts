import type { ControllerScope } from '../routing/route.ts';
import type { ServedRoute } from './host.ts';

/** Cleans up what lived as long as one connection; what goes wrong is logged. It never rejects. */
export async function disposeScope(
  route: ServedRoute,
  connection: string,
  scope: ControllerScope,
): Promise<void> {
  for (const error of await scope.dispose()) {
    route.host.logger.error({ connection, route: route.name, error }, `${route.name} failed to clean up`);
  }
}
