import type { WireOverdue } from '@millrace/contract';
import { systemClock } from '@millrace/server/core/clock';
import { DESKS } from '@millrace/server/desks/index';
import { clockLimitsOf, ENGINE_OVERDUE } from '@millrace/server/effects/index';
import { readOverdue } from '@millrace/server/ops/overdue';
import { type CheckResult, type VerifyReport, verify as verifyDatabase } from '@millrace/server/ops/verify';
import { type Context, settingsOf } from '../context.ts';
import { openDirectly } from '../database.ts';
import type { ExitName } from '../failure.ts';
import { renderTable } from '../output.ts';

/**
 * Checks every invariant, and looks for what is overdue, in the database, beside a working server or without one. What an earlier run has proven is
 * not read again, except with `full`.
 */
export async function verify(context: Context, { full }: { full: boolean }): Promise<ExitName> {
  const { output } = context;
  const database = await openDirectly(context);
  try {
    output.note(`Verifying ${database.name} …`);
    const report = await verifyDatabase(database.pool, {
      checks: DESKS.flatMap(({ checks }) => checks),
      incremental: !full,
      record: true,
    });
    const overdue = await readOverdue({
      pool: database.pool,
      clock: systemClock,
      kinds: [...DESKS.flatMap(({ overdue }) => overdue), ...ENGINE_OVERDUE],
      clockLimits: clockLimitsOf(settingsOf(context).values),
    });
    output.result({ ...report, overdue }, () => `${tableOf(report)}\n\n${overdueOf(overdue)}`);
    if (!report.ok) return 'violations';
    return overdue.count > 0 ? 'overdue' : 'ok';
  } finally {
    await database.close();
  }
}

function tableOf(report: VerifyReport): string {
  const checks = renderTable(report.checks, [
    { title: 'check', value: (row) => row.name },
    { title: 'result', value: (row) => (row.ok ? 'ok' : 'VIOLATED') },
    { title: 'rows', value: (row) => row.checked, right: true },
    { title: 'violations', value: (row) => row.violation_count, right: true },
  ]);
  const wrong = report.checks.filter(({ ok }) => !ok).map(violationsOf);
  const verdict = report.ok
    ? `Every invariant holds (${report.duration_ms} ms).`
    : `${wrong.length} of ${report.checks.length} checks found violations (${report.duration_ms} ms).`;
  return [checks, ...wrong, `${verdict} ${basisOf(report)}`].join('\n\n');
}

function basisOf({ builds_on }: VerifyReport): string {
  return builds_on
    ? `Read: what came since ${builds_on.at}. Rows that were proven before that and changed since, back to the full run of ${builds_on.full_at}, are found with --full.`
    : 'Everything was read.';
}

function violationsOf({ name, violations, violation_count }: CheckResult): string {
  const rows = renderTable(violations, [
    { title: name, value: (row) => row.subject },
    { title: 'what is wrong', value: (row) => row.detail },
  ]);
  const more = violation_count - violations.length;
  return more > 0 ? `${rows}\n… and ${more} more` : rows;
}

function overdueOf({ count, explained, checks }: WireOverdue): string {
  const found = checks.filter((check) => check.count > 0).map(lateOf);
  const waits = explained > 0 ? ` ${explained} ${explained === 1 ? 'waits' : 'wait'} for a known reason.` : '';
  const verdict =
    count === 0 ? 'Nothing is overdue.' : `${count} ${count === 1 ? 'is' : 'are'} overdue, which breaks no rule.`;
  return [...found, `${verdict}${waits}`].join('\n\n');
}

function lateOf({ name, count, explained, rows }: WireOverdue['checks'][number]): string {
  const table = renderTable(rows, [
    { title: name, value: (row) => row.subject },
    { title: 'since', value: (row) => row.since },
    { title: explained === null ? 'OVERDUE' : 'waits', value: (row) => row.detail },
  ]);
  const more = count - rows.length;
  return [
    table,
    ...(more > 0 ? [`… and ${more} more`] : []),
    ...(explained === null ? [] : [`Explained: ${explained}.`]),
  ].join('\n');
}
