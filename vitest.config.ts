import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{contract,server,client,cli,bench}/**/*.test.ts'],
    pool: 'forks',
    // The tests share one PostgreSQL server and the machine with it.
    maxWorkers: 2,
    // Generous on purpose: no test may fail because the machine is slow.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: ['server/test/support/global-setup.ts'],
    reporters: ['default', './scripts/totals-reporter.ts'],
  },
});
