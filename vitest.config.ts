import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

export default defineConfig({
  test: {
    include: ['{contract,server,client,cli,bench,web}/**/*.test.ts'],
    pool: 'forks',
    // One file after the other in the same two processes: what they import is read and compiled once, which saves a fifth of the
    // whole run (measured). So a test leaves nothing behind, and mocks no module.
    isolate: false,
    // What a library will refuse in its next version is a fault today.
    execArgv: ['--throw-deprecation'],
    // The tests share one PostgreSQL server and the machine with it.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Generous on purpose: no test may fail because the machine is slow.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    globalSetup: ['server/test/support/global-setup.ts'],
    reporters: ['default', './scripts/totals-reporter.ts'],
  },
});
