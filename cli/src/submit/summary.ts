import { renderFields, renderTable } from '../output.ts';

/** How a line ended. `malformed`: not sent. `refused`: the server answered with an error. The rest are orders. */
export type LineStatus =
  | 'completed'
  | 'pending'
  | 'open'
  | 'rejected'
  | 'canceled'
  | 'failed'
  | 'refused'
  | 'malformed';

export interface LineOutcome {
  line: number;
  status: LineStatus;
  /** The order's reason or the error's code; null where there is none. */
  reason: string | null;
  /** In words, for lines that were not accepted. */
  detail: string | null;
  /** What the line asked for, for the file of rejects. */
  input: unknown;
}

export interface Summary {
  lines: number;
  accepted: number;
  not_accepted: number;
  outcomes: { status: LineStatus; reason: string | null; count: number }[];
  first_not_accepted: { line: number; status: LineStatus; reason: string | null; detail: string | null }[];
}

/** As many as fit on a screen; all of them go to the file of rejects. */
const FIRST_MAX = 20;
/** Statuses times reasons are a few dozen; a server with more must not make the progress file grow. */
const OUTCOMES_MAX = 200;

const ACCEPTED: ReadonlySet<LineStatus> = new Set(['completed', 'pending', 'open']);

export function isAccepted(status: LineStatus): boolean {
  return ACCEPTED.has(status);
}

export function emptySummary(): Summary {
  return { lines: 0, accepted: 0, not_accepted: 0, outcomes: [], first_not_accepted: [] };
}

export function addOutcome(summary: Summary, { line, status, reason, detail }: LineOutcome): void {
  summary.lines += 1;
  const known = summary.outcomes.find((outcome) => outcome.status === status && outcome.reason === reason);
  if (known) known.count += 1;
  else if (summary.outcomes.length < OUTCOMES_MAX) summary.outcomes.push({ status, reason, count: 1 });
  if (isAccepted(status)) {
    summary.accepted += 1;
    return;
  }
  summary.not_accepted += 1;
  if (summary.first_not_accepted.length < FIRST_MAX) summary.first_not_accepted.push({ line, status, reason, detail });
}

export function renderSummary(summary: Summary): string {
  const total = renderFields([
    ['orders', summary.lines],
    ['accepted', summary.accepted],
    ['not accepted', summary.not_accepted],
  ]);
  const outcomes = [...summary.outcomes].sort((a, b) => b.count - a.count);
  const parts = [total];
  if (outcomes.length > 0) {
    parts.push(
      renderTable(outcomes, [
        { title: 'status', value: (row) => row.status },
        { title: 'reason', value: (row) => row.reason },
        { title: 'count', value: (row) => row.count, right: true },
      ]),
    );
  }
  if (summary.first_not_accepted.length > 0) {
    const more = summary.not_accepted - summary.first_not_accepted.length;
    const table = renderTable(summary.first_not_accepted, [
      { title: 'line', value: (row) => row.line, right: true },
      { title: 'status', value: (row) => row.status },
      { title: 'reason', value: (row) => row.reason },
      { title: 'detail', value: (row) => row.detail },
    ]);
    parts.push(more > 0 ? `${table}\n… and ${more} more` : table);
  }
  return parts.join('\n\n');
}
