import type { Running } from './application.ts';
import { rawUpgrade } from './raw.ts';

/** The answer to an upgrade that is refused. */
export async function refused(
  running: Running,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await rawUpgrade(running.url + path, { headers });
  return { status: response.status, body: response.json() };
}
