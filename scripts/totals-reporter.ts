import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/** Prints the run's totals as its very last line: `N passed, N failed, N skipped`. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const line = totalsLine(modules, errors.length, reason);
    // The other reporters print their summary in the same turn, and the last word comes when the process ends.
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
}

/** A file that fails before its tests exist, and an error outside all tests, each count as one failed test. */
export function totalsLine(modules: readonly TestModule[], errorsOutside: number, reason: TestRunEndReason): string {
  const totals = { passed: 0, failed: errorsOutside, skipped: 0 };
  for (const module of modules) {
    if (module.errors().length > 0) totals.failed += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed' || state === 'failed') totals[state] += 1;
      else totals.skipped += 1;
    }
  }
  // A run that broke before its first test must not read as one without failures.
  if (reason === 'failed' && totals.failed === 0) totals.failed = 1;
  return `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`;
}
