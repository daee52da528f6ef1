import type { OperationId } from '@millrace/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { Caller } from '../../../core/caller.ts';
import { type IdKind, parseId } from '../../../core/ids.ts';
import { NOT_FOUND, type Result } from '../../../core/result.ts';
import { requestError, sendProblem } from '../problems.ts';
import type { RestServices } from '../services.ts';

/** Translates one operation to a service and its answer back. */
export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** A part of the operations, each with its handler. */
export type Handlers<Id extends OperationId> = Readonly<Record<Id, Handler>>;

const JSON_TYPE = 'application/json; charset=utf-8';

/** What one user sees is not for shared caches. */
export function sendJson(reply: FastifyReply, status: number, value: unknown): FastifyReply {
  return reply
    .code(status)
    .header('content-type', JSON_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(value));
}

export function sendResult(reply: FastifyReply, result: Result<unknown>): FastifyReply {
  return result.ok ? sendJson(reply, 200, result.value) : sendProblem(reply, result.problem);
}

export function sendNotFound(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, NOT_FOUND);
}

/** The bare UUID of the path's `{id}`. */
export function pathId(request: FastifyRequest, kind: IdKind): string {
  const uuid = parseId(kind, (request.params as { id: string }).id);
  if (uuid === undefined) throw requestError('not_found', 'There is no such thing.');
  return uuid;
}

/** Until the stream has begun a problem can still be answered; from then on the answer belongs to push. */
export async function sendStream(
  reply: FastifyReply,
  open: (response: ServerResponse) => Promise<Result<undefined>>,
): Promise<FastifyReply> {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  const opened = await open(reply.raw);
  return opened.ok ? reply.hijack() : sendProblem(reply, opened.problem);
}

/** Who the caller of an open stream is by now; undefined: nobody. */
export async function callerNow(
  identity: Pick<RestServices['identity'], 'authenticate' | 'actAs'>,
  { caller, token }: Pick<FastifyRequest, 'caller' | 'token'>,
): Promise<Caller | undefined> {
  const now = await identity.authenticate(token);
  return now && identity.actAs(now, caller.actingFor);
}
