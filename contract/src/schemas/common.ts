import Type from 'typebox';
import { ID_PREFIXES, OWNERS_WITH_ID } from '../desks/vocabulary.ts';
import type { JsonObject } from '../json.ts';

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

/** A prefixed id: `ord_` and a UUID (version 7 where Millrace makes it; version 8 where it derives it for itself). */
export function id(prefix: string, description: string) {
  return Type.String({ pattern: idPattern(prefix), description });
}

export function idPattern(prefix: string): string {
  return `^${prefix}_${UUID}$`;
}

export const UserId = id('usr', 'A user.');
export const OrderId = id('ord', 'An order.');
export const ChosenOrderId = Type.String({
  pattern: '^ord_[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-7][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$',
  description:
    'The id that the client chooses for its order: the same id acts once, for ever; where the order was rejected, for as long as it is kept (30 days, or as configured). A UUID of one of the versions 1 to 7 of RFC 9562: best 7, or 5 where it is derived from a key of your own. Version 8 is for what Millrace derives itself.',
});
export const AccountId = id('acc', 'An account.');
export const KeyId = id('key', 'An API key.');
export const SessionId = id('ses', 'A session.');
export const DeadLetterId = id('dl', 'A dead letter.');

/** Strictly decimal, no sign, no exponent; a JSON number is accepted where it is exact at the asset's scale. */
export const Amount = Type.Union(
  [
    Type.String({ pattern: '^[0-9]{1,18}(\\.[0-9]{1,18})?$', maxLength: 40 }),
    Type.Number({ exclusiveMinimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  ],
  {
    description:
      'A positive amount: a decimal string such as "25.00", or a JSON number that is exact at the asset’s scale.',
  },
);

export const AssetCode = Type.String({
  pattern: '^[A-Za-z0-9:._-]{1,64}$',
  description: 'An asset’s code, such as USD.',
});

export const Rate = Type.String({
  pattern: '^(0|[1-9][0-9]{0,2})(\\.[0-9]{1,6})?$',
  description: 'A yearly rate as a decimal: "0.0725" is 7.25 %.',
});

export const Time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' });
export const BusinessDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A business date.' });

export const Cursor = Type.String({
  pattern: '^[A-Za-z0-9_.:,-]{1,512}$',
  description: 'Where the last page or event ended. Opaque.',
});
export const Limit = Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'How many at most.' });

export const Decimal = Type.String({ description: 'A decimal string.' });

/** Text without control characters: a database takes no NUL, and nobody types the others. */
export const PLAIN_TEXT = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** The schema keyword of text that others read: `readableText` is what is stored of it. */
export const READABLE = 'x-millrace-readable';

/** Text that one person types and another one reads. Characters are code points. */
export function readable(options: { maxLength: number; description?: string }) {
  return Type.String({ minLength: 1, ...options, [READABLE]: true });
}

/** How owners of accounts are named. */
export const OWNER_NAMES = `${OWNERS_WITH_ID.map((kind) => `\`${ID_PREFIXES[kind]}_…\``).join(', ')} or \`installation\``;

/** One side of a posting: of others' accounts only the purpose is shown. */
export const Side = Type.Object(
  {
    id: Type.Union([AccountId, Type.Null()], { description: 'null where the account is someone else’s.' }),
    purpose: Type.String(),
    owner: Type.Union([Type.String(), Type.Null()], {
      description: `${OWNER_NAMES}; null where the account is someone else’s.`,
    }),
    asset: AssetCode,
  },
  { additionalProperties: false },
);

/** What ids are called, for people. */
export const Names = Type.Unsafe<Record<string, string>>(
  Type.Object(
    {},
    {
      additionalProperties: Type.String(),
      description:
        'What the ids in here are called, as far as the caller may know it: a loan’s purpose, a user’s name, a merchant’s name by its handle.',
    },
  ),
);

/** Any object. */
export function AnyObject(description?: string) {
  return Type.Unsafe<JsonObject>(
    Type.Object({}, { additionalProperties: true, ...(description !== undefined && { description }) }),
  );
}

export const OrderStatusName = Type.Enum(['pending', 'open', 'completed', 'rejected', 'canceled', 'failed'], {
  description:
    'pending: durable, waiting for the outside. open: resting. completed. rejected: a rule said no, see `reason`. ' +
    'canceled. failed: for a technical reason; the money is where it was.',
});

/** A list's answer. */
export function page<T extends Type.TSchema>(item: T) {
  return Type.Object({
    data: Type.Array(item),
    has_more: Type.Boolean(),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
  });
}
