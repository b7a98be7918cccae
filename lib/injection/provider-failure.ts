import { ConfigurationError, type Mistake } from '../errors.ts';
import type { Instance } from './instance.ts';
import { timeoutFix } from './lifecycle-timeout.ts';

/** The error of a start at which constructors threw or factories rejected: each one, with the cause. */
export function providerFailure(failed: readonly Instance[]): ConfigurationError {
  const mistakes = failed.map(
    ({ binding: { name, module, source }, error }): Mistake => ({
      code: 'GATEWIRE_PROVIDER_FAILED',
      where: `${name} in ${module.name}`,
      what: source.kind === 'class' ? 'its constructor threw' : 'its factory failed',
      got: String(error),
      fix: timeoutFix(error) ?? fixOf(source.kind),
    }),
  );
  return new ConfigurationError(mistakes, { cause: causeOf(failed.map(({ error }) => error)) });
}

function fixOf(kind: string): string {
  return kind === 'class' ? 'Correct the constructor' : 'Correct the factory, or what it needs from outside';
}

/** One error as it is, several as one. */
export function causeOf(errors: readonly unknown[]): unknown {
  return errors.length === 1 ? errors[0] : new AggregateError(errors);
}
