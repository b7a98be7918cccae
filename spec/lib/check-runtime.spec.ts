import type { ConfigurationError } from 'gatewire';
import { describe, expect, it } from 'vitest';
import { checkRuntime, OLDEST_BUN } from '../../lib/check-runtime.ts';
import manifest from '../../package.json' with { type: 'json' };

function mistakeOf(versions: { bun?: string; node?: string }): string {
  try {
    checkRuntime(versions);
  } catch (error) {
    expect((error as ConfigurationError).code).toBe('GATEWIRE_UNSUPPORTED_RUNTIME');
    return (error as Error).message;
  }
  return 'none';
}

describe('the runtime', () => {
  it('is the one that package.json names', () => {
    expect(manifest.engines.bun).toBe(`>=${OLDEST_BUN}`);
  });

  it.each([OLDEST_BUN, '1.4.6', '1.10.0', '2.0.0', '1.5.0-canary.20261101'])('may be Bun %s', bun => {
    expect(mistakeOf({ bun })).toBe('none');
  });

  it.each(['1.4.4', '1.3.12', '0.8.1', '1.4.4-canary.1'])('cannot be Bun %s', bun => {
    expect(mistakeOf({ bun, node: '24.0.0' })).toBe(
      `createApplication(): Gatewire runs on Bun ${OLDEST_BUN} or newer (got Bun ${bun}). ` +
        'Run bun upgrade, or start a newer one: npx bun@latest [GATEWIRE_UNSUPPORTED_RUNTIME]',
    );
  });

  it('cannot be Node', () => {
    expect(mistakeOf({ node: '24.0.0' })).toBe(
      `createApplication(): Gatewire runs on Bun ${OLDEST_BUN} or newer (got Node 24.0.0). ` +
        'Start it with bun: bun src/main.ts [GATEWIRE_UNSUPPORTED_RUNTIME]',
    );
  });
});
