import { ConfigurationError } from './errors.ts';

/** The oldest Bun that Gatewire is tested with, as `engines` in `package.json` says. */
export const OLDEST_BUN = '1.4.5';

/**
 * Bun warns of no `engines`, and an older one fails later, by what it does otherwise.
 *
 * @throws ConfigurationError on an older Bun, and where there is none.
 */
export function checkRuntime(
  { bun, node }: { readonly bun?: string; readonly node?: string } = process.versions,
): void {
  if (bun !== undefined && Bun.semver.order(bun.split('-')[0] as string, OLDEST_BUN) >= 0) return;
  throw new ConfigurationError([
    {
      code: 'GATEWIRE_UNSUPPORTED_RUNTIME',
      where: 'createApplication()',
      what: `Gatewire runs on Bun ${OLDEST_BUN} or newer`,
      got: bun === undefined ? `Node ${node}` : `Bun ${bun}`,
      fix:
        bun === undefined
          ? 'Start it with bun: bun src/main.ts'
          : 'Run bun upgrade, or start a newer one: npx bun@latest',
    },
  ]);
}
