import type { EventType } from '@millrace/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../problems.ts';
import type { RestServices } from '../services.ts';
import { type Handlers, pathId, sendResult } from './handler.ts';
import { sendChanged } from './order-answers.ts';

type EventOperation = 'listEvents' | 'listNotifications' | 'streamEvents' | 'listDeadLetters' | 'retryDeadLetter';

export function eventHandlers({ intake, identity, events, deadLetters, push }: RestServices): Handlers<EventOperation> {
  /** Until the stream has begun a problem can still be answered; from then on the answer belongs to push. */
  async function streamEvents(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { after } = request.query as { after?: string };
    // A browser that reconnects sends where it was, beside the address that it first opened.
    const last = request.headers['last-event-id'];
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    const { caller, token } = request;
    const from = typeof last === 'string' && last !== '' ? last : after;
    const opened = await push.sse(caller, from, reply.raw, async () => {
      const now = await identity.authenticate(token);
      return now && identity.actAs(now, caller.actingFor);
    });
    return opened.ok ? reply.hijack() : sendProblem(reply, opened.problem);
  }

  return {
    streamEvents,
    async listEvents(request, reply) {
      return sendResult(
        reply,
        await events.list(request.caller, request.query as { after?: string; limit: number; type?: EventType }),
      );
    },
    async listNotifications(request, reply) {
      return sendResult(
        reply,
        await events.newest(request.caller, request.query as { limit: number; cursor?: string }),
      );
    },
    async listDeadLetters(request, reply) {
      return sendResult(
        reply,
        await deadLetters.list(request.caller, request.query as { limit: number; cursor?: string }),
      );
    },
    async retryDeadLetter(request, reply) {
      return sendChanged(reply, await intake.retryDeadLetter(request.caller, pathId(request, 'deadLetter')));
    },
  };
}
