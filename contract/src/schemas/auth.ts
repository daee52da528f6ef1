import Type from 'typebox';
import { EVERYBODY, type Role, SCOPES, type Scope } from '../roles.ts';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../passwords.ts';
import { KeyId, page, readable, SessionId, Time, UserId } from './common.ts';

const strict = { additionalProperties: false } as const;

const PEOPLE = ['investor', 'trader', 'operator'] as const satisfies readonly Role[];

const ScopeName = Type.Enum(Object.keys(SCOPES) as Scope[], {
  description: `What a key may be allowed to do: ${Object.entries(SCOPES)
    .map(([scope, meaning]) => `\`${scope}\` (${meaning})`)
    .join(', ')}.`,
});

// The lengths count code points. Identity normalises first (NFKC) and counts again: a schema cannot.
const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  description:
    'An e-mail address, as the user wrote it: spaces around it and what is not seen are left out. Compared without regard to case.',
});
const PersonName = readable({
  maxLength: 200,
  description: 'A name for people: something that can be seen. Invisible characters are left out of it.',
});

/** `writeOnly`: in no answer, no log and no record of what was done. */
const NewPassword = Type.String({
  minLength: PASSWORD_LENGTH_MIN,
  maxLength: PASSWORD_LENGTH_MAX,
  writeOnly: true,
  description:
    '8 to 200 characters of any kind. Not little more than the name or e-mail address, no repetition or sequence, and none ' +
    'of the most common passwords.',
});

export const User = Type.Object(
  {
    id: UserId,
    email: Type.String({ description: 'As it was given at the registration.' }),
    name: Type.String(),
    role: Type.Enum([...EVERYBODY]),
    created_at: Time,
  },
  { ...strict, description: 'A user.' },
);

export const RegistrationBody = Type.Object(
  {
    email: Email,
    password: NewPassword,
    name: PersonName,
    role: Type.Optional(
      Type.Enum([...PEOPLE], { description: 'Only an operator’s session may set it. Default: investor.' }),
    ),
  },
  strict,
);

/** Looser than a registration: whatever cannot belong to any account is answered like a wrong password. */
export const LoginBody = Type.Object(
  {
    email: Type.String({ minLength: 1, maxLength: 1000 }),
    password: Type.String({ minLength: 1, maxLength: 1000, writeOnly: true }),
  },
  strict,
);

export const SessionAnswer = Type.Object(
  {
    user: User,
    token: Type.String({
      description: 'The session’s token: `Authorization: Bearer mrs_…`. Shown once, stored hashed.',
    }),
    expires_at: Time,
  },
  strict,
);

export const ChangePasswordBody = Type.Object(
  { current_password: Type.String({ minLength: 1, maxLength: 1000, writeOnly: true }), new_password: NewPassword },
  strict,
);

export const ResetPasswordBody = Type.Object(
  {
    token: Type.String({
      minLength: 1,
      maxLength: 100,
      writeOnly: true,
      description: 'What stands behind # in the link.',
    }),
    new_password: NewPassword,
  },
  strict,
);

export const ResetLink = Type.Object(
  {
    path: Type.String({
      description:
        'Behind the address that users reach this server at: `/reset-password#mrr_…`. Shown once, stored hashed.',
    }),
    expires_at: Time,
  },
  { ...strict, description: 'Good for one new password.' },
);

export const Session = Type.Object(
  {
    id: SessionId,
    current: Type.Boolean({ description: 'Whether it is the session of this request.' }),
    created_at: Time,
    expires_at: Time,
    last_used_at: Type.Union([Time, Type.Null()], { description: 'Exact to some five minutes. null: not yet.' }),
    address: Type.Union([Type.String(), Type.Null()], { description: 'Where it was opened from.' }),
    user_agent: Type.Union([Type.String(), Type.Null()], { description: 'What the client called itself at the time.' }),
  },
  { ...strict, description: 'A log-in that has not ended.' },
);
export const SessionPage = page(Session);

export const Ticket = Type.Object(
  {
    ticket: Type.String({ description: 'Opens one WebSocket, once: `/v1/stream?ticket=mrt_…`.' }),
    expires_at: Time,
  },
  strict,
);

const apiKey = {
  id: KeyId,
  name: Type.String(),
  hint: Type.String({ description: 'The key’s first characters, to recognise it by.' }),
  scopes: Type.Array(ScopeName),
  created_at: Time,
  expires_at: Type.Union([Time, Type.Null()], { description: 'null: never.' }),
  last_used_at: Type.Union([Time, Type.Null()], { description: 'Exact to about a minute. null: not yet.' }),
};

export const ApiKey = Type.Object(apiKey, { ...strict, description: 'An API key, without the key itself.' });

export const CreateApiKeyBody = Type.Object(
  {
    name: PersonName,
    scopes: Type.Array(ScopeName, {
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      description: 'At most what the creator may do.',
    }),
    expires_in_days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3650, description: 'Default: the key does not expire.' }),
    ),
  },
  strict,
);

export const ApiKeyCreated = Type.Object(
  {
    ...apiKey,
    key: Type.String({ description: 'The key: `Authorization: Bearer mrk_…`. Shown this once, stored hashed.' }),
  },
  strict,
);

export type User = Type.Static<typeof User>;
export type RegistrationBody = Type.Static<typeof RegistrationBody>;
export type LoginBody = Type.Static<typeof LoginBody>;
export type SessionAnswer = Type.Static<typeof SessionAnswer>;
export type ChangePasswordBody = Type.Static<typeof ChangePasswordBody>;
export type ResetPasswordBody = Type.Static<typeof ResetPasswordBody>;
export type ResetLink = Type.Static<typeof ResetLink>;
export type SessionView = Type.Static<typeof Session>;
export type Ticket = Type.Static<typeof Ticket>;
export type ApiKey = Type.Static<typeof ApiKey>;
export type CreateApiKeyBody = Type.Static<typeof CreateApiKeyBody>;
export type ApiKeyCreated = Type.Static<typeof ApiKeyCreated>;
