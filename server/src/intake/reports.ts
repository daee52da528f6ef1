import type { ReportedOrder, ReportOperationId } from '@millrace/contract';
import type pg from 'pg';
import type { Logger } from 'pino';
import type Type from 'typebox';
import { formatId, parseId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { problem, type Result } from '../core/result.ts';
import { isSigned, isTimely, type SignedMessage } from '../core/signature.ts';
import type { Report } from '../desks/report.ts';
import { type CommandOrigin, internalCommand } from './commands.ts';
import { keepContradiction } from './dead-letters.ts';
import type { Intake } from './intake.ts';

type Reported = Type.Static<typeof ReportedOrder>;

/** What the outside tells, signed: the one way in for those who have no account here. */
export interface Reports {
  /** Whether the message may be what it says, as far as its headers tell: asked before its body is read. */
  isTimely(message: Pick<SignedMessage, 'id' | 'timestamp'>): boolean;
  isSigned(operationId: ReportOperationId, message: SignedMessage): boolean;
  /**
   * Submits the command of a report that is signed. The same again, however late, is answered with how the order stands.
   *
   * Errors: not_found (there is no such order), and those of a command that could not be decided now: it is to be sent again.
   */
  take(operationId: ReportOperationId, report: { id: string; body: JsonObject }): Promise<Result<Reported>>;
}

export interface ReportsOptions {
  /** Of all desks, by operation. */
  reports: Readonly<Record<string, Report>>;
  intake: Pick<Intake, 'submitInternal'>;
  pool: pg.Pool;
  log: Logger;
  /** As the intake's. */
  origin: CommandOrigin;
  /** ms since the epoch. Default: the system's clock, not business time: it is compared with the sender's. */
  now?: () => number;
}

/**
 * One for what was said of which order, by however many messages: a sender may use one id for several orders, and many ids for
 * one fact.
 */
function letterName(operationId: ReportOperationId, orderId: string, said: JsonObject): string {
  const sorted = Object.entries(said).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `dead-letter/report/${operationId}/${orderId}/${JSON.stringify(sorted)}`;
}

export function createReports({ reports, intake, pool, log, origin, now = Date.now }: ReportsOptions): Reports {
  const reportOf = (operationId: ReportOperationId): Report => {
    const report = reports[operationId];
    if (!report) throw new Error(`no desk takes the report ${operationId}`);
    return report;
  };

  return {
    isTimely: (message) => isTimely(message, now()),
    isSigned: (operationId, message) => isSigned(message, reportOf(operationId).secrets),
    async take(operationId, { id, body }) {
      const report = reportOf(operationId);
      const orderId = parseId('order', report.orderOf(body)) as string;
      const order_id = formatId('order', orderId);
      const { rowCount } = await pool.query('select from orders where id = $1 and kind = $2', [orderId, report.kind]);
      if (rowCount === 0) {
        log.warn({ report: operationId, message: id, order_id }, 'a report was about an order that there is not');
        return problem('not_found', 'There is no such order.');
      }
      const { kind, name, params } = report.commandOf(body, { order: order_id, message: id });
      const answer = await intake.submitInternal(kind, name, params);
      if (!answer.ok) return answer;
      const { status, result } = answer.order;
      if (status === 'failed') return problem('internal_error', 'The report is a dead letter: send it again later.');
      const error = report.contradiction?.({ kind, name, params }, { status, result });
      if (error !== undefined) {
        log.error({ report: operationId, message: id, order_id }, `a report contradicts the books: ${error}`);
        const letter = origin.deriveId(letterName(operationId, orderId, params));
        const command = internalCommand(kind, name, params, origin);
        await keepContradiction(pool, { id: letter, orderId, command }, error);
      }
      return { ok: true, value: { order_id, status: result['status'] as string } };
    },
  };
}
