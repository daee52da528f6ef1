import { page } from '../schemas/common.ts';
import { ListMerchants, Merchant, MerchantParams, RegisterMerchant, UpdateMerchant } from '../schemas/merchants.ts';
import { EVERYBODY, type Operation } from './operation.ts';

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
