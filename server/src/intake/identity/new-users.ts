import type { Role } from '@millrace/contract';
import type { Email } from '@millrace/contract/email';
import { uuidv7 } from '../../core/ids.ts';
import { type Problem, problem } from '../../core/result.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditOrigin } from './audit.ts';
import { USER_COLUMNS, type UserRow } from './rows.ts';
import type { Sessions } from './sessions.ts';
import type { IdentityHooks, IdentityParts } from './types.ts';

const INSERT = `
insert into users (id, email, email_key, name, role, password_hash, created_by, demo, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (email_key) do nothing returning ${USER_COLUMNS}`;

export interface UserDraft {
  email: Email;
  name: string;
  role: Role;
  passwordHash: string | null;
  createdBy: string | null;
  demo: boolean;
}

export interface Inserted {
  row: UserRow;
  session: { token: string; expires_at: string } | undefined;
}

export interface NewUsers {
  /** Undefined where the e-mail address is taken: of any number at once, the unique index lets one in. */
  insert(
    user: UserDraft,
    options: { session: boolean; welcome: boolean; from?: AuditOrigin },
  ): Promise<Inserted | undefined>;
}

export interface NewUsersDependencies extends IdentityParts {
  sessions: Sessions;
  hooks: IdentityHooks;
}

export function createNewUsers({ pool, clock, log, sessions, hooks }: NewUsersDependencies): NewUsers {
  async function welcome(userId: string): Promise<void> {
    try {
      await hooks.afterRegistered?.(userId);
    } catch (error) {
      log.warn({ err: error, userId }, 'what follows a registration failed; the user exists');
    }
  }

  return {
    async insert({ email, name, role, passwordHash, createdBy, demo }, options) {
      const createdAt = new Date(clock.now());
      const values = [uuidv7(), email.given, email.key, name, role, passwordHash, createdBy, demo, createdAt];
      const inserted = await inTransaction(pool, async (client) => {
        const { rows } = await client.query<UserRow>(INSERT, values);
        const [row] = rows;
        if (!row) return undefined;
        const session = options.session ? await sessions.open(client, row.id, options.from) : undefined;
        if (options.welcome) await hooks.onRegistered?.(client, row.id);
        return { row, session };
      });
      if (!inserted) return undefined;
      // A demonstration makes thirty at once: no news.
      log[demo ? 'debug' : 'info']({ userId: inserted.row.id, role, createdBy }, 'user registered');
      if (options.welcome) await welcome(inserted.row.id);
      return inserted;
    },
  };
}

/** The same words for every refusal of a registration. */
export function registrationRefused(): { ok: false; problem: Problem } {
  return problem(
    'registration_refused',
    'This registration cannot be accepted. If you have an account already, log in.',
  );
}
