import type { Access, Operation, OperationId, ReportOperationId } from '@millrace/contract';
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../core/caller.ts';
import { parseId } from '../../core/ids.ts';
import type { SignedMessage } from '../../core/signature.ts';
import { tokenKind } from '../../intake/identity/index.ts';
import { isFromThisMachine } from '../proxies.ts';
import { requestError } from './problems.ts';
import { isAllowedOrigin, sessionCookieOf } from './request-headers.ts';
import type { RestOptions, RestServices } from './services.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking. Set wherever the operation's access is not public. */
    caller: Caller;
    /** What was shown: a session's token or a key. */
    token: string;
    /** Who is asking, as soon as that is known: also where the request is then refused. */
    identified?: { caller: Caller; token: string };
  }
}

export type Guard = (request: FastifyRequest) => Promise<void>;

/** Before the body is read, where that can be: who may not call does not get to send megabytes. And when it was, before it is looked at. */
export interface Guards {
  onRequest?: Guard;
  preValidation?: Guard;
}

export interface OptionalCaller {
  caller: Caller;
  /** Rather than a key. */
  isSession: boolean;
}

export interface AccessControl {
  guardsOf(operation: Pick<Operation, 'access'> & { operationId: OperationId }): Guards;
  /**
   * Who is asking where that is optional: undefined where nothing is shown, an error where what is shown is worth nothing.
   * `cookie`: whether a session's cookie counts as well as `Authorization`; a browser sends it unasked, also when the person who
   * sits there wants to register as a new user.
   */
  optionalCaller(request: FastifyRequest, options: { cookie: boolean }): Promise<OptionalCaller | undefined>;
}

const BEARER = /^bearer +([^ ]+) *$/i;

const isSession = (token: string): boolean => tokenKind(token) === 'session';

function bearerOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  return authorization === undefined ? undefined : (BEARER.exec(authorization)?.[1] ?? '');
}

export function createAccessControl(
  { identity, reports }: Pick<RestServices, 'identity' | 'reports'>,
  options: RestOptions,
): AccessControl {
  const allowedOrigins = new Set(options.allowedOrigins);

  /** A bearer token wins: only browsers send cookies by themselves. */
  function tokenOf(request: FastifyRequest): string | undefined {
    const bearer = bearerOf(request);
    if (bearer !== undefined) return bearer;
    const cookie = sessionCookieOf(request);
    if (cookie === undefined || request.method === 'GET' || request.method === 'HEAD') return cookie;
    if (isAllowedOrigin(request, allowedOrigins)) return cookie;
    throw requestError(
      'origin_refused',
      'A request with the session’s cookie must come from a page of an allowed origin.',
    );
  }

  async function identify(token: string | undefined): Promise<Caller> {
    const caller = token === undefined ? undefined : await identity.authenticate(token);
    if (caller) return caller;
    throw requestError(
      'unauthenticated',
      token === undefined ? 'The request carries no token.' : 'The token is not valid, or has expired.',
    );
  }

  /**
   * Whom the page shows must be who is logged in. The cookie is the browser's and the page is older: in between another tab
   * may have logged in as another user, and what is confirmed here would be done for that one.
   */
  async function identifyFor(request: FastifyRequest, token: string | undefined): Promise<Caller> {
    const caller = await identify(token);
    request.identified = { caller, token: token as string };
    const expected = request.headers['millrace-user'];
    if (expected === undefined || parseId('user', String(expected)) === caller.userId) return caller;
    throw requestError('session_changed', 'Another user is logged in than the one that this request was made for.');
  }

  async function actingCaller(caller: Caller, request: FastifyRequest): Promise<Caller> {
    const header = request.headers['millrace-act-as'];
    if (header === undefined) return caller;
    const userId = parseId('user', String(header));
    const acting = userId === undefined ? undefined : await identity.actAs(caller, userId);
    if (acting) return acting;
    throw requestError('forbidden', 'The caller cannot act for this user.');
  }

  function guard(access: Exclude<Access, string>): Guard {
    const roles = new Set(access.roles);
    const { scope, sessionOnly } = access;
    return async (request) => {
      const token = tokenOf(request);
      const caller = await identifyFor(request, token);
      if (!roles.has(caller.role))
        throw requestError('forbidden', `This needs one of the roles ${[...roles].join(', ')}.`);
      if (scope !== null && !caller.scopes.has(scope))
        throw requestError('forbidden', `This needs the scope ${scope}.`);
      if (sessionOnly && !isSession(token as string))
        throw requestError('forbidden', 'This needs a session; a key is not enough.');
      request.token = token as string;
      request.caller = await actingCaller(caller, request);
    };
  }

  return {
    guardsOf({ access, operationId }) {
      if (access === 'public') return {};
      if (access === 'signature') return signatureGuards(reports, operationId as ReportOperationId);
      return { onRequest: access === 'metrics' ? metricsGuard(options.metricsToken) : guard(access) };
    },
    async optionalCaller(request, { cookie }) {
      const token = cookie ? tokenOf(request) : bearerOf(request);
      return token === undefined
        ? undefined
        : { caller: await identifyFor(request, token), isSession: isSession(token) };
    },
  };
}

/** What signs the request; a header that is missing is empty. */
function messageOf({ headers, rawBody }: FastifyRequest): SignedMessage {
  const text = (name: string): string => (typeof headers[name] === 'string' ? headers[name] : '');
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(text) as [
    string,
    string,
    string,
  ];
  // Only UTF-8 was read, so that the text has the very bytes that came.
  return { id, timestamp, signature, body: Buffer.from(rawBody) };
}

function signatureGuards(reports: RestServices['reports'], operationId: ReportOperationId): Guards {
  return {
    async onRequest(request) {
      if (!reports.isTimely(messageOf(request)))
        throw requestError(
          'unauthenticated',
          'The message has no webhook-id, or its webhook-timestamp is missing or more than 5 minutes from now.',
        );
    },
    async preValidation(request) {
      if (!reports.isSigned(operationId, messageOf(request)))
        throw requestError('unauthenticated', 'No webhook-signature is right for the bytes of this body.');
    },
  };
}

/** With a token: who sends it. Without: this machine, unless a proxy on it speaks for another caller. */
function metricsGuard(metricsToken: string | undefined): Guard {
  const expected = metricsToken === undefined ? undefined : Buffer.from(metricsToken);
  return async (request) => {
    const given = Buffer.from(bearerOf(request) ?? '');
    if (expected && given.length === expected.length && timingSafeEqual(given, expected)) return;
    if (expected === undefined && isFromThisMachine(request.raw)) return;
    throw requestError('unauthenticated', 'Metrics need the metrics token.');
  };
}
