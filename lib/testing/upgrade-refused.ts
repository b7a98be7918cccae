/** Why `connect()` has no connection: the server answered the upgrade with something else than 101. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  /** The HTTP status. */
  readonly status: number;
  /** What came with it: JSON parsed, `{statusCode, code, message, issues?}` unless a hook gave another; else text. */
  readonly body: unknown;
  /** The headers of the answer. */
  readonly headers: Headers;

  /** @internal */
  constructor(path: string, status: number, answer: { readonly headers: Headers; readonly text: string }) {
    super(`the upgrade of ${path} was refused with ${status}${answer.text === '' ? '' : `: ${answer.text}`}`);
    this.status = status;
    this.headers = answer.headers;
    this.body = bodyOf(answer.headers, answer.text);
  }
}

function bodyOf(headers: Headers, text: string): unknown {
  const isJson = headers.get('content-type')?.includes('json') ?? false;
  try {
    return isJson ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}
