import type { UserEntryView } from '@millrace/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseId } from '../../../core/ids.ts';
import type { Result } from '../../../core/result.ts';
import { sendProblem } from '../problems.ts';
import type { AuditReader, LedgerReader, RestServices } from '../services.ts';
import { type Handlers, pathId, sendJson, sendNotFound, sendResult } from './handler.ts';

type OperatorOperation =
  | 'listUsers'
  | 'getUser'
  | 'disableUser'
  | 'enableUser'
  | 'createResetLink'
  | 'listUserApiKeys'
  | 'deleteUserApiKey'
  | 'listAuditLog'
  | 'search'
  | 'getTrialBalance'
  | 'listLedgerAccounts'
  | 'getLedgerAccount';

interface PageQuery {
  limit: number;
  cursor?: string;
}

export function operatorHandlers({
  identity,
  users,
  audit,
  search,
  ledger,
}: RestServices): Handlers<OperatorOperation> {
  async function sendUser(reply: FastifyReply, userId: string): Promise<FastifyReply> {
    const user = await users.get(userId);
    return user ? sendJson(reply, 200, user) : sendNotFound(reply);
  }

  /** The user as it is after the change. */
  async function sendChangedUser(
    request: FastifyRequest,
    reply: FastifyReply,
    change: 'disable' | 'enable',
  ): Promise<FastifyReply> {
    const userId = pathId(request, 'user');
    const changed: Result<undefined> = await identity[change](request.caller, userId);
    return changed.ok ? sendUser(reply, userId) : sendProblem(reply, changed.problem);
  }

  return {
    async listUsers(request, reply) {
      const query = request.query as PageQuery & { search?: string; role?: UserEntryView['role'] };
      return sendResult(reply, await users.list(query));
    },
    async getUser(request, reply) {
      return sendUser(reply, pathId(request, 'user'));
    },
    async disableUser(request, reply) {
      return sendChangedUser(request, reply, 'disable');
    },
    async enableUser(request, reply) {
      return sendChangedUser(request, reply, 'enable');
    },
    async createResetLink(request, reply) {
      const made = await identity.createResetLink(request.caller, pathId(request, 'user'));
      return made.ok ? sendJson(reply, 201, made.value) : sendProblem(reply, made.problem);
    },
    async listUserApiKeys(request, reply) {
      const keys = await identity.listKeysOf(request.caller, pathId(request, 'user'), request.query as PageQuery);
      return sendResult(reply, keys);
    },
    async deleteUserApiKey(request, reply) {
      const keyId = parseId('key', (request.params as { key_id: string }).key_id) ?? '';
      const revoked = await identity.revokeKeyOf(request.caller, pathId(request, 'user'), keyId);
      return revoked ? reply.code(204).send() : sendNotFound(reply);
    },
    async listAuditLog(request, reply) {
      return sendResult(reply, await audit.list(request.query as Parameters<AuditReader['list']>[0]));
    },
    async search(request, reply) {
      return sendJson(reply, 200, { data: await search.find((request.query as { q: string }).q) });
    },
    async getTrialBalance(request, reply) {
      return sendResult(reply, await ledger.trialBalance((request.query as { asset?: string }).asset));
    },
    async listLedgerAccounts(request, reply) {
      return sendResult(reply, await ledger.accounts(request.query as Parameters<LedgerReader['accounts']>[0]));
    },
    async getLedgerAccount(request, reply) {
      const account = await ledger.account(pathId(request, 'account'));
      return account ? sendJson(reply, 200, account) : sendNotFound(reply);
    },
  };
}
