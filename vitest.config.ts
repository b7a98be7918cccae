import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // The first match wins, and "gatewire" matches whatever begins with it.
    alias: { 'gatewire/testing': pathTo('./lib/testing/index.ts'), gatewire: pathTo('./lib/index.ts') },
  },
  test: {
    include: ['spec/**/*.spec.ts', 'samples/**/*.spec.ts'],
    exclude: ['spec/browser/**'],
    pool: 'threads',
    testTimeout: 15_000,
    reporters: ['default', ['json', { outputFile: '.reports/vitest.json' }]],
  },
});

function pathTo(file: string): string {
  return new URL(file, import.meta.url).pathname;
}
