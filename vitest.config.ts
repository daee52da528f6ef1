import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

export default defineConfig({
  test: {
    include: ['{contract,server,client,cli,bench,web}/**/*.test.ts'],
    pool: 'forks',
    // One file after the other in the same processes: what they import is read and compiled once, which saves a fifth of the
    // whole run (measured). So a test leaves nothing behind, and mocks no module.
    isolate: false,
    // What a library will refuse in its next version is a fault today.
    execArgv: ['--throw-deprecation'],
    // Tests wait half of their time, for browsers, processes and disks: two at once left half of two processors idle (measured).
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Generous on purpose: no test may fail because the machine is slow.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    globalSetup: ['server/test/support/global-setup.ts'],
    reporters: ['default', './scripts/totals-reporter.ts'],
  },
});
