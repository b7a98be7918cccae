const RESERVED = /^(?:sec-websocket-.*|connection|upgrade|content-length|transfer-encoding)$/i;

/** Whether a header of the 101 is the protocol's own (RFC 6455 §4.2.2), which no hook and no option may set. */
export function isReservedHeader(name: string): boolean {
  return RESERVED.test(name);
}
