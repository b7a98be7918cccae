import type { HookName } from '../metadata/controller-metadata.ts';
import { recordHook } from '../metadata/record.ts';

/**
 * Runs first at the upgrade, for parsing of your own: what it returns of `params`, `query`, `headers` and
 * `cookies` replaces what Gatewire read from the request, the rest stays. It takes the `Handshake`; several
 * run in the order they are declared, and `undefined` keeps everything.
 */
export function Parse(): MethodDecorator {
  return hook('parse', 'Parse');
}

/**
 * Runs at the upgrade, after `@Parse()` and before validation: may change `params`, `query`, `headers` and
 * `cookies` of the `Handshake`.
 */
export function Transform(): MethodDecorator {
  return hook('transform', 'Transform');
}

/**
 * Runs at the upgrade, after validation and before the 101, exactly once per connection; several run in
 * the order they are declared. `false` refuses with 403, a `Response` is the answer as it is, a thrown
 * `HttpException` refuses with its status, any other throw with 500 and no detail. What it puts into
 * `handshake.data` is `connection.data` later.
 */
export function BeforeHandle(): MethodDecorator {
  return hook('beforeHandle', 'BeforeHandle');
}

/**
 * Runs last at the upgrade: gives headers for the 101 as a record (a list of values for several cookies), a
 * `Headers`, or a list of pairs.
 *
 * A value with a line break refuses the upgrade with 500; the log names the hook and the header.
 */
export function UpgradeHeaders(): MethodDecorator {
  return hook('upgradeHeaders', 'UpgradeHeaders');
}

/**
 * Runs once the connection is open. The first message is handled after it has ended; what it returns is
 * sent. A throw closes the connection with 1011.
 */
export function OnOpen(): MethodDecorator {
  return hook('open', 'OnOpen');
}

/**
 * Runs for a frame `{"event":"$auth","data":…}`, by which a client says who it is, or that it still is: takes the
 * data as an `@OnMessage()` method does, and returns what a guard returns. `{ user, expiresAt }` is kept, anything
 * falsy and a throw are answered with `unauthenticated`, and leave the connection as it was.
 *
 * It never waits behind a handler, nor for `@OnOpen()`; one runs at a time.
 */
export function OnAuth(): MethodDecorator {
  return hook('auth', 'OnAuth');
}

/** Runs when frames that had been queued for a slow client were sent; `bufferedAmount` says what is left. */
export function OnDrain(): MethodDecorator {
  return hook('drain', 'OnDrain');
}

/** Runs for a client's ping, which Bun has already answered; takes its bytes (at most 125). */
export function OnPing(): MethodDecorator {
  return hook('ping', 'OnPing');
}

/** Runs for a client's pong; takes its bytes (at most 125). */
export function OnPong(): MethodDecorator {
  return hook('pong', 'OnPong');
}

/**
 * Runs exactly once, after the last message was handled; takes the close code and the reason as they went
 * over the wire. It runs even when `@OnOpen` failed.
 */
export function OnClose(): MethodDecorator {
  return hook('close', 'OnClose');
}

/**
 * Runs for whatever another hook of the open connection threw, and for messages that were refused: takes
 * the error and `{hook, event}`. What it returns is sent instead of the default error frame.
 */
export function OnError(): MethodDecorator {
  return hook('error', 'OnError');
}

function hook(name: HookName, decorator: string): MethodDecorator {
  return (target, method, descriptor) =>
    recordHook(
      target,
      { method, descriptor: descriptor as PropertyDescriptor | undefined },
      { hook: name, decorator },
    );
}
