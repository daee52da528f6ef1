import Type from 'typebox';
import { Cursor, Limit, Names, page, Time, UserId } from './common.ts';
import { SearchText } from './lists.ts';

const strict = { additionalProperties: false } as const;

const Outcome = Type.Enum(['done', 'refused']);
const Person = Type.Object({ id: UserId, email: Type.String(), name: Type.String() }, strict);
const orNull = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });

export const AuditEntry = Type.Object(
  {
    id: Type.String(),
    at: Time,
    act: Type.String({
      description: 'The operation’s id (`disableUser`), or `log_in`, `lock_out`, `reset_password`, `create_user`.',
    }),
    outcome: Outcome,
    code: orNull(Type.String(), 'Why it was refused: a code of the errors.'),
    actor: orNull(Person, 'Who did it; null where that is not known, or where it was the command line.'),
    credential: orNull(Type.String(), '`session`, the first characters of an API key, or `command line`.'),
    subject: orNull(Type.String(), 'What it was about: an id.'),
    names: Names,
    user: orNull(Person, 'The user whom it was about.'),
    address: orNull(Type.String(), 'The client’s address.'),
    user_agent: orNull(Type.String(), 'What the client called itself.'),
    details: orNull(
      Type.Object({}, { additionalProperties: true }),
      'What was asked for, without secrets; `{"omitted": true}` where it was long.',
    ),
  },
  { ...strict, description: 'Something that an operator did, or a log-in that failed.' },
);

export const AuditPage = page(AuditEntry);

/** The query of `GET /v1/audit-log`: newest first. A page with a filter may hold less than `limit` and have more behind it. */
export const ListAudit = Type.Object(
  {
    act: Type.Optional(Type.String({ pattern: '^[A-Za-z_]{1,64}$', description: 'Only this act.' })),
    outcome: Type.Optional(Outcome),
    user_id: Type.Optional(Type.String({ ...UserId, description: 'What this user did, or what was done about it.' })),
    from: Type.Optional(Type.String({ format: 'date-time', description: 'At this time or later.' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Before this time.' })),
    search: Type.Optional(SearchText),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  },
  strict,
);

export type AuditEntryView = Type.Static<typeof AuditEntry>;
