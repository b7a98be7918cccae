import { RequestError } from '../connection/requests.ts';

/** Whether it says no more than that the client left: what waits for a signal or a reply then rejects. */
export function isOfTheEnd(thrown: unknown): boolean {
  try {
    if (thrown instanceof RequestError) return thrown.code === 'closed';
    return thrown instanceof DOMException && thrown.name === 'AbortError';
  } catch {
    // Whatever was thrown may throw itself when it is looked at.
    return false;
  }
}
