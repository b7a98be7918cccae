interface SystemError extends Error {
  readonly code: string;
}

/** Where it was to listen. */
interface Place {
  readonly port?: number;
  readonly hostname?: string;
  readonly unix?: string;
}

interface Reason {
  readonly what: string;
  readonly fix: string;
}

const REASONS: ReadonlyMap<string, Reason> = new Map([
  [
    'EADDRINUSE',
    {
      what: 'is taken',
      fix: 'Stop what listens there, or listen elsewhere; port 0 takes any that is free',
    },
  ],
  [
    'EACCES',
    {
      what: 'may not be listened on by this user',
      fix: 'Listen on a port from 1024 on, or where the user may write',
    },
  ],
  [
    'EADDRNOTAVAIL',
    {
      what: 'has an address that is not of this machine',
      fix: `Give hostname one that is, '127.0.0.1' or '0.0.0.0', or leave it out`,
    },
  ],
  ['ENOENT', { what: 'is in a folder that is not there', fix: 'Make the folder first' }],
]);

/** What the system said about listening, with where it was tried and what to do. Any other error stays as it is. */
export function listenError(thrown: unknown, place: Place): unknown {
  if (!isListenError(thrown)) return thrown;
  const { what, fix } = REASONS.get(thrown.code) ?? {
    what: 'cannot be listened on',
    fix: 'Listen elsewhere, or correct the hostname',
  };
  const message = `app.listen(): ${placeOf(place)} ${what} (got ${thrown.code}). ${fix}`;
  return Object.assign(new Error(message, { cause: thrown }), { code: thrown.code });
}

function isListenError(thrown: unknown): thrown is SystemError {
  return thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'listen' && 'code' in thrown;
}

function placeOf({ unix, hostname, port = defaultPort() }: Place): string {
  if (unix !== undefined) return `the socket ${unix}`;
  return `port ${port}${hostname === undefined ? '' : ` of ${hostname}`}`;
}

/** As Bun reads it. */
function defaultPort(): number {
  const { BUN_PORT, PORT, NODE_PORT } = process.env;
  return Number(BUN_PORT ?? PORT ?? NODE_PORT ?? 3000);
}
