import type { WireError } from '../errors.ts';

/** The response to a refused upgrade: its HTTP status and `{statusCode, code, message, issues?}`. */
export function refusal(
  statusCode: number,
  error: WireError,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ statusCode, ...error }, { status: statusCode, headers });
}
