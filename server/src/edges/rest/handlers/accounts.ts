import type { RestServices } from '../services.ts';
import { type Handlers, pathId, sendJson, sendNotFound, sendResult } from './handler.ts';

interface StatementQuery {
  limit: number;
  cursor?: string;
  from?: string;
  to?: string;
}

export function accountHandlers({ accounts }: RestServices): Handlers<'listAccounts' | 'listTransfers'> {
  return {
    async listAccounts(request, reply) {
      return sendJson(reply, 200, { data: await accounts.list(request.caller) });
    },
    async listTransfers(request, reply) {
      const page = await accounts.statement(
        request.caller,
        pathId(request, 'account'),
        request.query as StatementQuery,
      );
      return page ? sendResult(reply, page) : sendNotFound(reply);
    },
  };
}
