import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { Caller } from '../../../core/caller.ts';
import type { Result } from '../../../core/result.ts';
import { sendProblem } from '../problems.ts';
import type { RestServices } from '../services.ts';

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
