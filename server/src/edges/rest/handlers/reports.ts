import { OPERATIONS, type ReportOperationId } from '@millrace/contract';
import type { JsonObject } from '../../../core/json.ts';
import type { RestServices } from '../services.ts';
import { type Handler, type Handlers, sendResult } from './handler.ts';

/** What the outside reports, signed: each by its operation, whatever it is about. */
export function reportHandlers({ reports }: RestServices): Handlers<ReportOperationId> {
  const signed = OPERATIONS.filter(({ access }) => access === 'signature');
  const handlers = signed.map(({ operationId }): [string, Handler] => [
    operationId,
    async ({ headers, body }, reply) => {
      // Both were checked by the operation's access and schema.
      const report = { id: headers['webhook-id'] as string, body: body as JsonObject };
      return sendResult(reply, await reports.take(operationId as ReportOperationId, report));
    },
  ]);
  return Object.fromEntries(handlers) as Handlers<ReportOperationId>;
}
