import { isAudited, isForOperatorsAlone, type Operation } from '@millrace/contract';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { parseId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { type AuditOrigin, hintOf, tokenKind } from '../../intake/identity/index.ts';
import { clientAddressOf } from '../proxies.ts';
import type { RestServices } from './services.ts';

/** Where a request came from, as the audit log has it. */
export function originOf(request: FastifyRequest): AuditOrigin {
  return { address: clientAddressOf(request), userAgent: request.headers['user-agent'] };
}

/**
 * Writes down what an operator did with this operation, or was refused, before the answer goes out; and some of what others tried
 * to do with it. What is written follows from the operation's declaration: no handler has to think of it.
 */
export function auditOf(
  operation: Operation & { operationId: string },
  identity: Pick<RestServices['identity'], 'record' | 'recordIntrusion'>,
): Partial<RouteOptions> {
  if (!isAudited(operation)) return {};
  const secrets = secretsOf(operation);
  const isOperatorsAlone = isForOperatorsAlone(operation);
  return {
    async onSend(request: FastifyRequest, reply: FastifyReply, payload: unknown) {
      const { identified } = request;
      if (!identified) return payload;
      const answer = jsonOf(payload);
      const subject = subjectOf(request, answer);
      const { caller, token } = identified;
      const record = {
        act: operation.operationId,
        actorId: caller.userId,
        credential: tokenKind(token) === 'session' ? 'session' : hintOf(token),
        subject,
        subjectUserId: subject === undefined ? undefined : parseId('user', subject),
        code: reply.statusCode < 400 ? undefined : codeOf(answer, reply),
        from: originOf(request),
        details: detailsOf(request, secrets),
      };
      if (caller.role === 'operator') await identity.record(record);
      else if (isOperatorsAlone && record.code === 'forbidden') await identity.recordIntrusion(record);
      return payload;
    },
  };
}

/** What the path names, or what was made. */
function subjectOf({ params }: FastifyRequest, answer: JsonObject): string | undefined {
  const { id } = (params ?? {}) as { id?: string };
  const made = answer['id'] ?? (answer['user'] as JsonObject | undefined)?.['id'];
  return id ?? (typeof made === 'string' ? made : undefined);
}

/** What was asked for, beside the subject: the path's other parts and the body, without secrets. */
function detailsOf({ params, body }: FastifyRequest, secrets: ReadonlySet<string>): JsonObject | undefined {
  const all = { ...(params as object | undefined), ...(body as object | undefined) };
  const told = Object.entries(all).filter(([name]) => name !== 'id' && !secrets.has(name));
  return told.length > 0 ? (Object.fromEntries(told) as JsonObject) : undefined;
}

/** Fields that the contract says are in no answer. */
function secretsOf({ body }: Operation): ReadonlySet<string> {
  const { properties = {} } = (body ?? {}) as { properties?: Record<string, object> };
  return new Set(Object.entries(properties).flatMap(([name, schema]) => ('writeOnly' in schema ? [name] : [])));
}

/** What was refused always says why; an answer that is no problem has its status. */
function codeOf({ code }: JsonObject, { statusCode }: FastifyReply): string {
  return typeof code === 'string' ? code : String(statusCode);
}

function jsonOf(payload: unknown): JsonObject {
  if (typeof payload !== 'string' || !payload.startsWith('{')) return {};
  return JSON.parse(payload) as JsonObject;
}
