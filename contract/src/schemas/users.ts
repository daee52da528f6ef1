import Type from 'typebox';
import { EVERYBODY } from '../roles.ts';
import { Account } from './accounts.ts';
import { Cursor, KeyId, Limit, page, Time, UserId } from './common.ts';
import { SearchText } from './lists.ts';

const strict = { additionalProperties: false } as const;

const RoleName = Type.Enum([...EVERYBODY]);

const user = {
  id: UserId,
  email: Type.String({ description: 'As it was given at the registration.' }),
  name: Type.String(),
  role: RoleName,
  demo: Type.Boolean({ description: 'Whether it is a user of the demonstration.' }),
  created_at: Time,
  disabled_at: Type.Union([Time, Type.Null()], { description: 'null: the user may log in.' }),
};

export const UserEntry = Type.Object(user, { ...strict, description: 'A user, as operators see it.' });

/** Accounts that a user's page shows at most; `GET /v1/ledger/accounts?owner=` has the rest. */
export const USER_ACCOUNTS_MAX = 200;

export const UserDetail = Type.Object(
  {
    ...user,
    disabled_by: Type.Union([UserId, Type.Null()], {
      description: 'The operator who disabled the user; null where it was the command line or nobody.',
    }),
    created_by: Type.Union([UserId, Type.Null()], { description: 'The service that registered the user.' }),
    is_protected: Type.Boolean({
      description: 'Millrace works as this user itself: it cannot be disabled.',
    }),
    sessions: Type.Integer({ description: 'How many are open.' }),
    keys: Type.Integer({ description: 'How many API keys there are.' }),
    accounts: Type.Array(Account, { maxItems: USER_ACCOUNTS_MAX, description: 'By purpose and asset.' }),
    more_accounts: Type.Boolean({ description: 'Whether there are more accounts than are listed.' }),
  },
  { ...strict, description: 'A user with what belongs to it, for operators.' },
);

export const UserPage = page(UserEntry);

/** The query of `GET /v1/users`: newest first. A page with a search may hold less than `limit` and have more behind it. */
export const ListUsers = Type.Object(
  {
    search: Type.Optional(SearchText),
    role: Type.Optional(RoleName),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  },
  strict,
);

export const UserParams = Type.Object({ id: UserId }, strict);
export const UserKeyParams = Type.Object({ id: UserId, key_id: KeyId }, strict);

export type UserEntryView = Type.Static<typeof UserEntry>;
export type UserDetailView = Type.Static<typeof UserDetail>;
