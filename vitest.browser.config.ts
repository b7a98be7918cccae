import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['spec/browser/**/*.spec.ts'],
    pool: 'threads',
    testTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '.reports/browser.json' }]],
  },
});
