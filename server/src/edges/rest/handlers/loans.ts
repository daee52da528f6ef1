import type { FastifyReply, FastifyRequest } from 'fastify';
import type Type from 'typebox';
import type { CloseLoan, GetProjection, ListLoans } from '@millrace/contract';
import type { OrderAnswer } from '../../../core/order.ts';
import { formatId, parseId } from '../../../core/ids.ts';
import { idempotencyOf } from '../idempotency.ts';
import { sendProblem } from '../problems.ts';
import type { Problem } from '../../../core/result.ts';
import type { RestServices } from '../services.ts';
import { type Handlers, pathId, sendJson, sendNotFound, sendResult } from './handler.ts';

type LoanOperation = 'listLoans' | 'getLoan' | 'listLoanFundings' | 'projectLoan' | 'createLoan' | 'closeLoan';

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

  /** As above: the order that closes it keeps who and why. */
  async function closeLoan(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const loanId = pathId(request, 'loan');
    const { reason } = request.body as Type.Static<typeof CloseLoan>;
    const answer = await intake.submit(request.caller, {
      kind: 'close_loan',
      params: { loan_id: formatId('loan', loanId), reason },
      idempotency: idempotencyOf(request, 'closeLoan'),
    });
    if (!answer.ok) return sendProblem(reply, answer.problem);
    if (answer.order.reason === 'loan_not_found') return sendNotFound(reply);
    if (answer.order.status !== 'completed') return sendProblem(reply, notClosed(answer.order));
    if (answer.replayed) reply.header('idempotent-replayed', 'true');
    return sendJson(reply, 200, await loans.get(request.caller, loanId));
  }

  return {
    createLoan,
    closeLoan,
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

function notClosed({ id, reason, status }: OrderAnswer): Problem {
  if (reason === 'loan_closed') return { code: 'loan_not_open', detail: 'The loan is not open for funding any more.' };
  if (reason === 'balance_limit')
    return { code: 'refund_blocked', detail: 'A refund would take an investor’s account past what it can hold.' };
  throw new Error(`order ${id} closed no loan: ${status}`);
}
