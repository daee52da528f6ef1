import Type from 'typebox';
import type { Operation } from '../../operations/operation.ts';
import { EVERYBODY } from '../../roles.ts';
import { Cursor, Limit, page, readable, Time, UserId } from '../../schemas/common.ts';
import { SearchText } from '../../schemas/lists.ts';
import { MERCHANT_HANDLE, MERCHANT_HANDLE_WRITTEN, NEW_MERCHANT_HANDLE } from './merchant-handle.ts';

const strict = { additionalProperties: false } as const;

const handleText = 'What orders name it by, for ever: small letters, digits, dots, underscores and hyphens.';
const Handle = Type.String({ pattern: MERCHANT_HANDLE, description: handleText });
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

const NewHandle = Type.String({
  pattern: NEW_MERCHANT_HANDLE,
  description: `${handleText} Not a UUID or another kind of id, and not \`me\` or another reserved word.`,
});

export const RegisterMerchant = Type.Object({ handle: NewHandle, name: Name, owner: Type.Optional(UserId) }, strict);

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

const read = { scope: 'orders:read', roles: EVERYBODY } as const;
const operate = { scope: 'operate', roles: ['operator'] } as const;

export const MERCHANT_OPERATIONS = [
  {
    operationId: 'listMerchants',
    method: 'GET',
    path: '/v1/merchants',
    tag: 'merchants',
    summary: 'List merchants',
    description:
      'Who can be paid, by handle; operators see the disabled ones too. `search`: a part of the handle or the name.',
    access: read,
    query: ListMerchants,
    responses: { 200: { description: 'A page of merchants.', schema: page(Merchant) } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'getMerchant',
    method: 'GET',
    path: '/v1/merchants/{handle}',
    tag: 'merchants',
    summary: 'Read a merchant',
    access: read,
    params: MerchantParams,
    responses: { 200: { description: 'The merchant.', schema: Merchant } },
  },
  {
    operationId: 'registerMerchant',
    method: 'POST',
    path: '/v1/merchants',
    tag: 'merchants',
    summary: 'Register a merchant',
    description:
      'Payments to its handle are taken from now on. With an `owner` they go to the cash account of this user; without, to ' +
      'accounts of the merchant’s own. Where the money goes cannot be changed afterwards: disable the merchant, and register ' +
      'another.',
    access: operate,
    body: RegisterMerchant,
    responses: { 201: { description: 'The merchant.', schema: Merchant, headers: ['Location'] } },
    errors: ['merchant_exists'],
  },
  {
    operationId: 'updateMerchant',
    method: 'PATCH',
    path: '/v1/merchants/{handle}',
    tag: 'merchants',
    summary: 'Rename, disable or enable a merchant',
    description: 'What is not named stays as it is. What was paid before stays paid.',
    access: operate,
    params: MerchantParams,
    body: UpdateMerchant,
    responses: { 200: { description: 'The merchant, changed.', schema: Merchant } },
  },
] as const satisfies readonly Operation[];
