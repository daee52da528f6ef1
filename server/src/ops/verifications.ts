import type { WireOverdue, WireVerification } from '@millrace/contract';
import type pg from 'pg';
import { problem, type Result } from '../core/result.ts';
import type { Check } from '../desks/desk.ts';
import { VerificationRunning, verify, type VerifyReport } from './verify.ts';

/** No check over HTTP takes longer: a caller waits for the answer, and the snapshot holds back vacuum meanwhile. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** SQLSTATE `query_canceled`. */
const CANCELED = '57014';

/** The checks of `millrace verify`, for operators over HTTP. */
export interface Verifications {
  /** Problems: `verification_running` (here or in another process), `verification_too_long`. */
  run(options?: { full?: boolean | undefined }): Promise<Result<WireVerification>>;
  /** The last one that this process has run. */
  latest(): WireVerification | undefined;
}

export interface VerificationsOptions {
  pool: pg.Pool;
  /** What the desks say about their own rows. */
  checks: readonly Check[];
  /** What is not wrong and not done either. */
  overdue: () => Promise<WireOverdue>;
  /** Default 60 s. */
  statementTimeoutMs?: number;
}

export function createVerifications(options: VerificationsOptions): Verifications {
  const { pool, checks, overdue, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  let latest: WireVerification | undefined;
  return {
    async run({ full = false } = {}) {
      const at = new Date().toISOString();
      try {
        const report = await verify(pool, {
          checks,
          statementTimeoutMs,
          alone: true,
          incremental: !full,
          record: true,
        });
        latest = toWire(at, report, await overdue());
        return { ok: true, value: latest };
      } catch (error) {
        if (error instanceof VerificationRunning)
          return problem('verification_running', 'The books are being checked already.');
        if (isTimeout(error))
          return problem('verification_too_long', `A check took longer than ${statementTimeoutMs / 1000} s.`);
        throw error;
      }
    },
    latest: () => latest,
  };
}

function isTimeout(error: unknown): boolean {
  const codes = [error, (error as Error).cause].map((each) => (each as { code?: unknown } | undefined)?.code);
  return codes.includes(CANCELED);
}

function toWire(
  at: string,
  { ok, mode, builds_on, checks, duration_ms }: VerifyReport,
  overdue: WireOverdue,
): WireVerification {
  return {
    at,
    ok,
    mode,
    builds_on,
    checks: checks.map(({ name, ok: isFine, violations, violation_count, checked }) => ({
      name,
      ok: isFine,
      rows: violations,
      violations: violation_count,
      examined: checked,
    })),
    overdue,
    took_ms: duration_ms,
  };
}
