import { type Operation, type OperationId, OPERATIONS, type ReportOperationId } from '@millrace/contract';
import type { JsonObject } from '../../../core/json.ts';
import { NOT_FOUND } from '../../../core/result.ts';
import type { Resource, Resources } from '../../../desks/resource.ts';
import type { Intake } from '../../../intake/intake.ts';
import { sendProblem } from '../problems.ts';
import { idempotencyOf } from '../request-headers.ts';
import type { RestServices } from '../services.ts';
import { type Handler, type Handlers, sendJson, sendResult } from './handler.ts';

/** A handler for each operation that a desk answers. */
export function resourceHandlers(
  resources: Partial<Resources>,
  intake: Pick<Intake, 'submit'>,
): Partial<Handlers<OperationId>> {
  const answered = OPERATIONS.flatMap((operation) => {
    const answer = resources[operation.operationId] as Resource | undefined;
    return answer ? [[operation.operationId, resourceHandler(operation, answer, intake)] as const] : [];
  });
  return Object.fromEntries(answered);
}

/** What HTTP has to do for an operation that a desk answers: the same for each. */
function resourceHandler(
  { operationId, responses }: Pick<Operation, 'responses'> & { operationId: OperationId },
  answer: Resource,
  intake: Pick<Intake, 'submit'>,
): Handler {
  const [success] = Object.keys(responses).map(Number);
  if (success === undefined) throw new Error(`${operationId} has no response`);
  return async (request, reply) => {
    const answered = await answer({
      caller: request.caller,
      params: request.params as object,
      query: request.query as object,
      body: request.body as object,
      submit: (kind, params) =>
        intake.submit(request.caller, { kind, params, idempotency: idempotencyOf(request, operationId) }),
    } as Parameters<Resource>[0]);
    if (!answered) return sendProblem(reply, NOT_FOUND);
    if (!answered.ok) return sendProblem(reply, answered.problem);
    if (answered.location !== undefined) reply.header('location', answered.location);
    if (answered.replayed) reply.header('idempotent-replayed', 'true');
    return sendJson(reply, success, answered.value);
  };
}

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
