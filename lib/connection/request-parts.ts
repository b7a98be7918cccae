import type { Server } from 'bun';
import type { RawQuery } from './query-string.ts';

/** What exists during the upgrade; the parts of the request that outlive it do so without it. */
export class RequestParts {
  controller: AbortController | undefined = undefined;
  query: RawQuery | undefined = undefined;
  headers: Record<string, string> | undefined = undefined;
  cookies: Record<string, string> | undefined = undefined;

  constructor(
    public request: Request | null,
    public params: Record<string, string>,
    readonly server: Pick<Server<unknown>, 'requestIP'>,
  ) {}

  address(): string | undefined {
    return this.request === null ? undefined : this.server.requestIP(this.request)?.address;
  }

  readHeaders(): Record<string, string> {
    return Object.assign(Object.create(null), this.request?.headers.toJSON());
  }

  /** The headers of these names, which are lower-case. */
  pickHeaders(names: readonly string[]): Record<string, string> {
    const headers: Record<string, string> = Object.create(null);
    for (const name of names) {
      const value = this.request?.headers.get(name) ?? null;
      if (value !== null) headers[name] = value;
    }
    return headers;
  }

  cookieHeader(): string | undefined {
    return this.request === null ? this.headers?.cookie : (this.request.headers.get('cookie') ?? undefined);
  }

  release(): void {
    this.headers ??= this.readHeaders();
    this.request = null;
  }
}

export function readCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null);
  if (header === undefined) return cookies;
  for (const [name, value] of new Bun.CookieMap(header)) cookies[name] ??= value;
  return cookies;
}
