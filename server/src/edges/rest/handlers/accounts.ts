import type { TransferReason } from '@millrace/contract';
import type { RestServices } from '../services.ts';
import { type Handlers, pathId, sendNotFound, sendResult } from './handler.ts';

interface StatementQuery {
  limit: number;
  cursor?: string;
  from?: string;
  to?: string;
  reason?: TransferReason;
  direction?: 'debit' | 'credit';
}

export function accountHandlers({
  accounts,
}: RestServices): Handlers<'listAccounts' | 'listTransfers' | 'getPeriodBalances'> {
  return {
    async listAccounts(request, reply) {
      return sendResult(
        reply,
        await accounts.list(request.caller, request.query as { limit: number; cursor?: string }),
      );
    },
    async listTransfers(request, reply) {
      const page = await accounts.statement(
        request.caller,
        pathId(request, 'account'),
        request.query as StatementQuery,
      );
      return page ? sendResult(reply, page) : sendNotFound(reply);
    },
    async getPeriodBalances(request, reply) {
      const period = request.query as Pick<StatementQuery, 'from' | 'to'>;
      const balances = await accounts.balances(request.caller, pathId(request, 'account'), period);
      return balances ? sendResult(reply, balances) : sendNotFound(reply);
    },
  };
}
