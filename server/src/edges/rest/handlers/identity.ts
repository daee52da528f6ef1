import type {
  ChangePasswordBody,
  CreateApiKeyBody,
  LoginBody,
  RegistrationBody,
  ResetPasswordBody,
  SessionAnswer,
} from '@millrace/contract';
import type { FastifyReply } from 'fastify';
import type { Result } from '../../../core/result.ts';
import type { AccessControl } from '../access.ts';
import { originOf } from '../audit.ts';
import { sendProblem } from '../problems.ts';
import { clearSessionCookie, setSessionCookie } from '../request-headers.ts';
import type { RestServices } from '../services.ts';
import { type Handlers, pathId, sendJson, sendNotFound, sendResult } from './handler.ts';

type IdentityOperation =
  | 'register'
  | 'logIn'
  | 'logOut'
  | 'resetPassword'
  | 'changePassword'
  | 'listSessions'
  | 'endSessions'
  | 'endSession'
  | 'createTicket'
  | 'getMe'
  | 'createApiKey'
  | 'listApiKeys'
  | 'deleteApiKey';

function sendSession(reply: FastifyReply, status: number, result: Result<SessionAnswer>): FastifyReply {
  if (!result.ok) return sendProblem(reply, result.problem);
  setSessionCookie(reply, result.value.token, result.value.expires_at);
  return sendJson(reply, status, result.value);
}

function sendDone(reply: FastifyReply, result: Result<undefined>): FastifyReply {
  return result.ok ? reply.code(204).send() : sendProblem(reply, result.problem);
}

export function identityHandlers({ identity }: RestServices, access: AccessControl): Handlers<IdentityOperation> {
  return {
    async register(request, reply) {
      const { role, ...input } = request.body as RegistrationBody;
      const by = await access.optionalCaller(request, { cookie: role !== undefined });
      const registered = await identity.register(input, { ...originOf(request), by, role });
      // A user who registers another stays logged in as before.
      if (by && registered.ok) return sendJson(reply, 201, registered.value);
      return sendSession(reply, 201, registered);
    },
    async logIn(request, reply) {
      return sendSession(reply, 200, await identity.login(request.body as LoginBody, originOf(request)));
    },
    async logOut(request, reply) {
      await identity.logout(request.token);
      clearSessionCookie(reply);
      return reply.code(204).send();
    },
    async resetPassword(request, reply) {
      return sendDone(reply, await identity.resetPassword(request.body as ResetPasswordBody, originOf(request)));
    },
    async changePassword(request, reply) {
      const { caller, token } = request;
      const body = request.body as ChangePasswordBody;
      return sendDone(reply, await identity.changePassword(caller, token, body, originOf(request)));
    },
    async listSessions(request, reply) {
      const page = request.query as { limit: number; cursor?: string };
      return sendResult(reply, await identity.listSessions(request.caller, request.token, page));
    },
    async endSessions(request, reply) {
      await identity.endSessions(request.caller);
      clearSessionCookie(reply);
      return reply.code(204).send();
    },
    async endSession(request, reply) {
      const ended = await identity.endSession(request.caller, pathId(request, 'session'));
      return ended ? reply.code(204).send() : sendNotFound(reply);
    },
    async createTicket(request, reply) {
      return sendJson(reply, 201, await identity.issueTicket(request.caller, request.token));
    },
    async getMe(request, reply) {
      const user = await identity.me(request.caller);
      return user ? sendJson(reply, 200, user) : sendNotFound(reply);
    },
    async createApiKey(request, reply) {
      const created = await identity.createKey(request.caller, request.body as CreateApiKeyBody);
      return created.ok ? sendJson(reply, 201, created.value) : sendProblem(reply, created.problem);
    },
    async listApiKeys(request, reply) {
      return sendResult(
        reply,
        await identity.listKeys(request.caller, request.query as { limit: number; cursor?: string }),
      );
    },
    async deleteApiKey(request, reply) {
      const revoked = await identity.revokeKey(request.caller, pathId(request, 'key'));
      return revoked ? reply.code(204).send() : sendNotFound(reply);
    },
  };
}
