import Type from 'typebox';
import { MERCHANT_HANDLE, MERCHANT_HANDLE_WRITTEN } from '../merchant-handle.ts';
import { Cursor, Limit, readable, Time, UserId } from './common.ts';
import { SearchText } from './users.ts';

const strict = { additionalProperties: false } as const;

const Handle = Type.String({
  pattern: MERCHANT_HANDLE,
  description: 'What orders name it by, for ever: small letters, digits, dots, underscores and hyphens.',
});
const Name = readable({ maxLength: 200, description: 'What payers see.' });

export const Merchant = Type.Object(
  {
    id: Type.String({ description: '`merchant_…`: as the ledger names the owner of its accounts.' }),
    handle: Handle,
    name: Type.String({ description: 'What payers see.' }),
    owner: Type.Union([UserId, Type.Null()], {
      description:
        'The user whose cash account receives; null where the merchant has accounts of its own, and for readers who are not operators.',
    }),
    created_at: Time,
    disabled_at: Type.Union([Time, Type.Null()], { description: 'null: it can be paid.' }),
  },
  { ...strict, description: 'Someone who can be paid under a handle.' },
);

export const RegisterMerchant = Type.Object({ handle: Handle, name: Name, owner: Type.Optional(UserId) }, strict);

export const UpdateMerchant = Type.Object(
  {
    name: Type.Optional(Name),
    disabled: Type.Optional(Type.Boolean({ description: 'true: payments to it are rejected, from now on.' })),
  },
  { ...strict, minProperties: 1 },
);

export const ListMerchants = Type.Object(
  { search: Type.Optional(SearchText), limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) },
  strict,
);

/** In a path as in an order: in capitals, too. */
export const MerchantParams = Type.Object(
  {
    handle: Type.String({
      pattern: MERCHANT_HANDLE_WRITTEN,
      description: 'In small letters or capitals.',
    }),
  },
  strict,
);

export type MerchantView = Type.Static<typeof Merchant>;
export type MerchantRegistration = Type.Static<typeof RegisterMerchant>;
export type MerchantUpdate = Type.Static<typeof UpdateMerchant>;
export type MerchantsQuery = Type.Static<typeof ListMerchants>;
