export { addressKey, forwardedAddress, LOOPBACK } from './address.ts';
export type { AuditOrigin, AuditRecord } from './audit.ts';
export { createIdentity } from './create-identity.ts';
export { hintOf, scopesOfRole, tokenKind, type TokenKind } from './credentials.ts';
export { readEmail } from './inputs.ts';
export type {
  TicketHolder,
  Identity,
  IdentityConfig,
  IdentityHooks,
  IdentityOptions,
  KeyInput,
  NewUser,
  RegistrationContext,
  RegistrationInput,
  ServiceKeyInput,
} from './types.ts';
export { LOCAL_OPERATOR_EMAIL } from './users.ts';
