import { misbehave as misbehaveAs } from '../../../spec/support/misbehave.ts';

/** What is thrown on purpose outside of handlers. */
export class ChaosError extends Error {
  override readonly name = 'ChaosError';
}

/** Fails in the way of that name; `hangs` never ends. */
export function misbehave(how: string): unknown {
  return how === 'hangs' ? new Promise(() => {}) : misbehaveAs(how);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
