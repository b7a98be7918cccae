import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { gatewire: new URL('./lib/index.ts', import.meta.url).pathname } },
  test: {
    include: ['spec/**/*.spec.ts'],
    exclude: ['spec/browser/**'],
    pool: 'threads',
    testTimeout: 15_000,
    reporters: ['default', ['json', { outputFile: '.reports/vitest.json' }]],
  },
});
