import { createActing } from './acting.ts';
import { createIssuedKeys, createKeys } from './api-keys.ts';
import { createAuditLog } from './audit.ts';
import { createAuthentication } from './authentication.ts';
import { purgeExpired } from './expiry.ts';
import { createKnownAddresses } from './known-addresses.ts';
import { createLimits } from './limits.ts';
import { createLogin } from './login.ts';
import { createNewUsers, createRegistration, createUserCreation } from './new-users.ts';
import { createPasswordChange } from './password-change.ts';
import { createPasswordHasher } from './passwords.ts';
import { createEndings, createOpenSessions, createSessions } from './sessions.ts';
import { createTickets } from './tickets.ts';
import type { Identity, IdentityOptions, IdentityParts } from './types.ts';
import { createDisabling, createUsers } from './users.ts';

/** Puts identity together. It has nothing to start or stop; the pool stays the caller's. */
export function createIdentity(options: IdentityOptions): Identity {
  const { pool, clock, log, config = {}, hooks = {} } = options;
  const parts: IdentityParts = { pool, clock, log, refuseDemoUsers: config.refuseDemoUsers ?? false };
  const limits = createLimits(clock, config);
  const passwords = createPasswordHasher({
    argon2: options.argon2,
    atOnce: config.passwordsAtOnce,
    waitingMax: config.passwordsWaitingMax,
  });

  const endings = createEndings();
  const authentication = createAuthentication(parts);
  const sessions = createSessions({ pool, clock, authentication, endings, lifetimeMs: config.sessionLifetimeMs });
  const acting = createActing(parts);
  const tickets = createTickets(parts, { authentication, acting });
  const keys = createKeys(parts);
  const issuedKeys = createIssuedKeys(parts, { authentication, endings });
  const users = createUsers(parts, { authentication, acting, endings });
  const disabling = createDisabling(parts, users);
  const audit = createAuditLog(parts);
  const known = createKnownAddresses(parts);
  const openSessions = createOpenSessions(parts, { authentication, endings });
  const change = createPasswordChange({ ...parts, limits, passwords, audit, authentication, endings });
  const newUsers = createNewUsers({ ...parts, sessions, hooks });

  return {
    register: createRegistration({ limits, known, passwords, newUsers }),
    createUser: createUserCreation(passwords, newUsers),
    login: createLogin({ ...parts, limits, audit, known, passwords, sessions }),
    logout: sessions.close,
    listSessions: openSessions.list,
    endSession: openSessions.end,
    endSessions: openSessions.endAll,
    changePassword: change.change,
    createResetLink: change.createLink,
    resetPassword: change.reset,
    authenticate: authentication.authenticate,
    actAs: acting.actAs,
    issueTicket: tickets.issue,
    redeemTicket: tickets.redeem,
    createKey: keys.create,
    createServiceKey: keys.createForService,
    listKeys: issuedKeys.list,
    listKeysOf: issuedKeys.listOf,
    revokeKey: issuedKeys.revoke,
    revokeKeyOf: issuedKeys.revokeOf,
    disableUser: users.disable,
    disable: disabling.disable,
    enable: disabling.enable,
    record: audit.record,
    recordIntrusion: audit.recordIntrusion,
    onEnding: endings.listen,
    me: users.me,
    purgeExpired: (limit) => purgeExpired(parts, limit),
  };
}
