import type { WireError } from '../errors.ts';

/** The codes of refusals, which are in their bodies. */
const codes = new WeakMap<Response, string>();

/** The code that a response refuses with; `undefined` for one of the user's. */
export function codeOf(response: Response): string | undefined {
  return codes.get(response);
}

/** The response to a refused upgrade: its HTTP status and `{statusCode, code, message, issues?}`. */
export function refusal(
  statusCode: number,
  error: WireError,
  headers: Record<string, string> = {},
): Response {
  const response = respond(statusCode, error, headers);
  codes.set(response, error.code);
  return response;
}

function respond(statusCode: number, error: WireError, headers: Record<string, string>): Response {
  try {
    return Response.json({ statusCode, ...error }, { status: statusCode, headers });
  } catch {
    return Response.json({ statusCode, ...withoutIssues(error) }, { status: statusCode, headers });
  }
}

/** What is left of an error whose issues, a user's own, are something that JSON cannot hold. */
export function withoutIssues({ code, message }: WireError): WireError {
  return { code: String(code), message: String(message) };
}
