import { problem, type Result } from '../core/result.ts';

/** What a list is narrowed to; null: not on this side. */
export interface Period {
  from: Date | null;
  to: Date | null;
}

/** PostgreSQL never sees the text: a schema's date-time may be one that it refuses. */
export function periodOf(options: { from?: string | undefined; to?: string | undefined }): Result<Period> {
  const period: Period = { from: null, to: null };
  for (const name of ['from', 'to'] as const) {
    const text = options[name];
    if (text === undefined) continue;
    const time = new Date(text);
    if (Number.isNaN(time.getTime())) {
      const errors = [{ pointer: `/${name}`, detail: 'must be a time' }];
      return problem('invalid_request', `${name} is not a time.`, { errors });
    }
    period[name] = time;
  }
  return { ok: true, value: period };
}
