import type { FastifyReply, FastifyRequest } from 'fastify';
import type Type from 'typebox';
import type { GetProjection, ListLoans } from '@millrace/contract';
import { parseId } from '../../../core/ids.ts';
import { idempotencyOf } from '../idempotency.ts';
import { sendProblem } from '../problems.ts';
import type { RestServices } from '../services.ts';
import { type Handlers, pathId, sendJson, sendNotFound, sendResult } from './handler.ts';

type LoanOperation = 'listLoans' | 'getLoan' | 'listLoanFundings' | 'projectLoan' | 'createLoan';

export function loanHandlers({ intake, loans, fundings }: RestServices): Handlers<LoanOperation> {
  /** The command that opens the loan is an order of its own; what the caller asked for, and gets, is the loan. */
  async function createLoan(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const submission = { kind: 'create_loan', params: request.body, idempotency: idempotencyOf(request, 'createLoan') };
    const answer = await intake.submit(request.caller, submission);
    if (!answer.ok) return sendProblem(reply, answer.problem);
    const id = answer.order.result['loan_id'];
    const uuid = typeof id === 'string' ? parseId('loan', id) : undefined;
    const loan = uuid === undefined ? undefined : await loans.get(request.caller, uuid);
    if (!loan) throw new Error(`order ${answer.order.id} opened no loan: ${answer.order.status}`);
    reply.header('location', `/v1/loans/${loan.id}`);
    if (answer.replayed) reply.header('idempotent-replayed', 'true');
    return sendJson(reply, 201, loan);
  }

  return {
    createLoan,
    async listLoans(request, reply) {
      return sendResult(reply, await loans.list(request.caller, request.query as Type.Static<typeof ListLoans>));
    },
    async getLoan(request, reply) {
      const loan = await loans.get(request.caller, pathId(request, 'loan'));
      return loan ? sendJson(reply, 200, loan) : sendNotFound(reply);
    },
    async listLoanFundings(request, reply) {
      const query = request.query as { limit: number; cursor?: string };
      const page = await fundings.fundings(request.caller, pathId(request, 'loan'), query);
      return page ? sendResult(reply, page) : sendNotFound(reply);
    },
    async projectLoan(request, reply) {
      const { amount } = request.query as Type.Static<typeof GetProjection>;
      const projection = await loans.project(request.caller, pathId(request, 'loan'), amount);
      return projection ? sendResult(reply, projection) : sendNotFound(reply);
    },
  };
}
