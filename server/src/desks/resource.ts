import type { DeskContract, KindName, OperationId, OperationNamed } from '@millrace/contract';
import type Type from 'typebox';
import type { Caller } from '../core/caller.ts';
import type { Answer } from '../core/order.ts';
import { NOT_FOUND, type Problem } from '../core/result.ts';
import type { SignedOf } from './report.ts';

type PartOf<Id extends OperationId, Part extends 'params' | 'query' | 'body'> =
  OperationNamed<Id> extends Record<Part, infer Schema extends Type.TSchema> ? Type.Static<Schema> : object;

/** As the operation's schema has it: a page's size is always there, since it has a default. */
type QueryOf<Query> = Query extends { limit?: number } ? Query & { limit: number } : Query;

type Success<Responses> =
  Responses extends Readonly<Record<200 | 201, unknown>>
    ? never
    : Responses extends { readonly 200: { readonly schema: infer Schema extends Type.TSchema } }
      ? Type.Static<Schema>
      : Responses extends { readonly 201: { readonly schema: infer Schema extends Type.TSchema } }
        ? Type.Static<Schema>
        : undefined;

/** What an operation of the contract answers when it succeeds. */
export type AnswerOf<Id extends OperationId> = Success<OperationNamed<Id>['responses']>;

/** A request that has passed the operation's access and schemas. */
export interface ResourceRequest<Id extends OperationId> {
  caller: Caller;
  params: PartOf<Id, 'params'>;
  query: QueryOf<PartOf<Id, 'query'>>;
  body: PartOf<Id, 'body'>;
  /** Places a command for the caller, under the request's idempotency key, and waits for its outcome. */
  submit(kind: KindName, params: unknown): Promise<Answer>;
}

/** What an edge answers, in its own words: the operation's status of success, with what is said beside the value. */
export type ResourceAnswer<Value = unknown> =
  | {
      ok: true;
      value: Value;
      /** Where what was made can be read from now on. */
      location?: string;
      /** Whether it was done by an earlier request with the same key. */
      replayed?: boolean;
    }
  | { ok: false; problem: Problem };

/** One operation as a function from data to data. undefined: there is no such thing, or not for this caller. */
export type Resource<Id extends OperationId = OperationId> = {
  answer(request: ResourceRequest<Id>): Promise<ResourceAnswer<AnswerOf<Id>> | undefined>;
}['answer'];

export type Resources<Id extends OperationId = OperationId> = { readonly [One in Id]: Resource<One> };
/** What a desk has to answer: all operations that it has in the contract, but for those that are signed (`Report`). */
export type ResourcesOf<Contract extends DeskContract> = Resources<
  Extract<Exclude<Contract['operations'][number]['operationId'], SignedOf<Contract>>, OperationId>
>;

/** Asks a desk from inside this process, without an idempotency key. What has passed no schema must fit it all the same. */
export type Ask = <Id extends OperationId>(
  operationId: Id,
  caller: Caller,
  parts?: Partial<Pick<ResourceRequest<Id>, 'params' | 'body'>> & { query?: Partial<ResourceRequest<Id>['query']> },
) => Promise<ResourceAnswer<AnswerOf<Id>>>;

export function createAsk(
  resources: Partial<Resources>,
  submit: (caller: Caller, submission: { kind: KindName; params: unknown }) => Promise<Answer>,
): Ask {
  return async (operationId, caller, parts) => {
    const answer = resources[operationId];
    if (!answer) throw new Error(`no desk answers ${operationId}`);
    const placed: Parameters<typeof answer>[0]['submit'] = (kind, params) => submit(caller, { kind, params });
    const request = { params: {}, query: {}, body: {}, ...parts, caller, submit: placed };
    return (await answer(request as Parameters<typeof answer>[0])) ?? { ok: false, problem: NOT_FOUND };
  };
}

/** Problems by the reason for which a command was rejected. */
export type Refusals = Readonly<Record<string, Problem>>;

/**
 * The order that did what the request asked for.
 *
 * @returns or the problem that `refusals` says for the reason of its rejection, or with which it was not taken at all.
 * @throws where it was not completed for another reason: the operation does not know it.
 */
export function completedBy(answer: Answer, refusals: Refusals = {}): Answer {
  if (!answer.ok || answer.order.status === 'completed') return answer;
  const { id, kind, status, reason } = answer.order;
  const problem = reason === null ? undefined : refusals[reason];
  if (problem) return { ok: false, problem };
  throw new Error(`${kind} ${id} ended as ${status}: ${reason}`);
}
