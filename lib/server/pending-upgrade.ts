import { guardListeners } from './guard-listeners.ts';
import { refusal } from './refusal.ts';
import type { Answer, Upgrade } from './upgrade-step.ts';
import type { Waiting } from './waiting.ts';

/**
 * Waits for the asynchronous hooks of an upgrade: no longer than `upgradeTimeout`, and no longer than the client
 * does. Hooks that have not run by then do not run any more; the one that does is told by its signal.
 */
export function awaitAnswer(upgrade: Upgrade, answer: Promise<Answer>): Promise<Answer> {
  const { host, name } = upgrade.route;
  const { admission, waiting } = host;
  const { signal } = upgrade.request;
  const limit = admission.limits.upgradeTimeout;
  admission.pending++;
  return new Promise(resolve => {
    const settle = (settled: Answer) => {
      waiting.delete(wait);
      signal.removeEventListener('abort', leave);
      admission.pending--;
      resolve(settled);
    };
    const end = (reason: string, settled: Response) => {
      upgrade.isOver = true;
      guardListeners(
        () => upgrade.handshake.abort(new DOMException(reason, 'AbortError')),
        thrown => {
          const hook = `${name} abort listener`;
          const facts = { connection: upgrade.handshake.id, route: name, hook };
          host.logThrown(hook, facts, { thrown, isExpected: false });
        },
      );
      settle(settled);
    };
    const leave = () => end('the client is gone', clientGone());
    const expire = () => {
      host.logger.warn(
        { connection: upgrade.handshake.id, route: name, upgradeTimeout: limit },
        `the hooks of an upgrade of ${name} took too long`,
      );
      end('the upgrade took too long', tooLate());
    };
    const wait: Waiting = { seat: -1, age: 0, limit, expire };
    waiting.add(wait);
    signal.addEventListener('abort', leave);
    void answer.then(settled => {
      if (!upgrade.isOver) settle(settled);
    });
  });
}

function tooLate(): Response {
  const message = 'The upgrade took too long';
  return refusal(503, { code: 'timeout', message }, { 'Retry-After': '1' });
}

/** Nobody reads it. */
function clientGone(): Response {
  return new Response(null, { status: 499 });
}
