/**
 * Selects a subprotocol: the first of the server's that the client offers (RFC 6455 §4.2.2).
 *
 * `undefined` selects none. `null` is a client that offers only what the route does not speak.
 */
export function selectSubprotocol(
  offered: string | null,
  spoken: readonly string[],
): string | undefined | null {
  if (offered === null || spoken.length === 0) return undefined;
  const tokens = new Set(offered.split(',').map(token => token.trim()));
  return spoken.find(name => tokens.has(name)) ?? null;
}
