import type { EventType } from '@millrace/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressKey } from '../../../intake/identity/index.ts';
import { clientAddressOf } from '../../proxies.ts';
import type { RestServices } from '../services.ts';
import { callerNow, type Handlers, pathId, sendResult, sendStream } from './handler.ts';
import { sendChanged } from './order-placing.ts';

type EventOperation = 'listEvents' | 'listNotifications' | 'streamEvents' | 'listDeadLetters' | 'retryDeadLetter';

export function eventHandlers({ intake, identity, events, deadLetters, push }: RestServices): Handlers<EventOperation> {
  async function streamEvents(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { after } = request.query as { after?: string };
    // A browser that reconnects sends where it was, beside the address that it first opened.
    const last = request.headers['last-event-id'];
    const from = typeof last === 'string' && last !== '' ? last : after;
    const { caller } = request;
    const address = addressKey(clientAddressOf(request));
    return sendStream(reply, (response) =>
      push.sse({ caller, address, after: from, response, again: () => callerNow(identity, request) }),
    );
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
