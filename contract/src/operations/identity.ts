import Type from 'typebox';
import {
  ApiKey,
  ApiKeyCreated,
  CreateApiKeyBody,
  LoginBody,
  RegistrationBody,
  SessionAnswer,
  Ticket,
  User,
} from '../schemas/auth.ts';
import { KeyId, page } from '../schemas/common.ts';
import { ListPlain } from '../schemas/lists.ts';
import { EVERYBODY, type Operation } from './operation.ts';

const account = { scope: null, roles: EVERYBODY } as const;
const ApiKeyPage = page(ApiKey);

// A key that could make keys would outlive its own deletion.
const session = { scope: null, roles: EVERYBODY, sessionOnly: true } as const;

export const IDENTITY_OPERATIONS = [
  {
    operationId: 'register',
    method: 'POST',
    path: '/v1/auth/registration',
    tag: 'identity',
    summary: 'Register a user',
    description:
      'Makes a user with a session. Sets the cookie `millrace_session` for browsers, unless somebody is registered by another: ' +
      'an operator’s session (no key) may give a role, and a service with the scope `users:write` may then act for the users ' +
      'that it registered, with `Millrace-Act-As`.',
    access: 'public',
    body: RegistrationBody,
    audited: true,
    responses: { 201: { description: 'The user, with a session.', schema: SessionAnswer } },
    errors: ['registration_refused', 'forbidden', 'origin_refused', 'unauthenticated', 'rate_limited'],
  },
  {
    operationId: 'logIn',
    method: 'POST',
    path: '/v1/auth/login',
    tag: 'identity',
    summary: 'Log in',
    description: 'Opens a session, and sets the cookie `millrace_session` for browsers.',
    access: 'public',
    body: LoginBody,
    responses: { 200: { description: 'The user, with a new session.', schema: SessionAnswer } },
    errors: ['invalid_credentials', 'rate_limited'],
  },
  {
    operationId: 'logOut',
    method: 'POST',
    path: '/v1/auth/logout',
    tag: 'identity',
    summary: 'Log out',
    description: 'Ends the session that the request carries, and clears the cookie.',
    access: session,
    responses: { 204: { description: 'The session has ended.' } },
  },
  {
    operationId: 'createTicket',
    method: 'POST',
    path: '/v1/auth/ticket',
    tag: 'identity',
    summary: 'Get a ticket for a WebSocket',
    description: 'Opens one WebSocket, once, within 30 seconds: `/v1/stream?ticket=…`.',
    access: account,
    responses: { 201: { description: 'The ticket.', schema: Ticket } },
  },
  {
    operationId: 'getMe',
    method: 'GET',
    path: '/v1/me',
    tag: 'identity',
    summary: 'Who am I',
    access: account,
    responses: {
      200: { description: 'The user whose session or key this is, or for whom a service acts.', schema: User },
    },
  },
  {
    operationId: 'createApiKey',
    method: 'POST',
    path: '/v1/api-keys',
    tag: 'identity',
    summary: 'Make an API key',
    description: 'The key is shown this once.',
    access: session,
    body: CreateApiKeyBody,
    audited: true,
    responses: { 201: { description: 'The key.', schema: ApiKeyCreated } },
    errors: ['too_many_keys'],
  },
  {
    operationId: 'listApiKeys',
    method: 'GET',
    path: '/v1/api-keys',
    tag: 'identity',
    summary: 'List own API keys',
    access: session,
    query: ListPlain,
    responses: { 200: { description: 'The keys, newest first, without their secrets.', schema: ApiKeyPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'deleteApiKey',
    method: 'DELETE',
    path: '/v1/api-keys/{id}',
    tag: 'identity',
    summary: 'Delete an API key',
    description: 'It stops working at once.',
    access: session,
    params: Type.Object({ id: KeyId }),
    audited: true,
    responses: { 204: { description: 'The key is gone.' } },
  },
] as const satisfies readonly Operation[];
