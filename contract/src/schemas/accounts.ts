import Type from 'typebox';
import { AccountId, AssetCode, Cursor, Decimal, Limit, OrderId, page, Time } from './common.ts';

const strict = { additionalProperties: false } as const;

export const Account = Type.Object(
  {
    id: AccountId,
    purpose: Type.String({ description: 'What it is for: `cash`, `notes`, …' }),
    asset: AssetCode,
    balance: Decimal,
    held: Type.String({ description: 'Set aside for orders that are not final, a decimal string.' }),
    available: Type.String({ description: 'balance − held, a decimal string.' }),
  },
  { ...strict, description: 'What somebody has of one asset, for one purpose.' },
);

export const AccountList = Type.Object({ data: Type.Array(Account) }, strict);

export const Transfer = Type.Object(
  {
    id: Type.String({ pattern: '^trf_[0-9]+-[0-9]+$', description: '`trf_<shard>-<sequence>`.' }),
    at: Time,
    reason: Type.String(),
    order_id: OrderId,
    direction: Type.Enum(['debit', 'credit'], { description: 'debit: the money left this account.' }),
    amount: Decimal,
    counterparty_purpose: Type.String({ description: 'What the account on the other side is for.' }),
  },
  { ...strict, description: 'A line of an account’s statement.' },
);

export const TransferPage = page(Transfer);

export const AccountParams = Type.Object({ id: AccountId }, strict);

/** The query of `GET /v1/accounts/{id}/transfers`: newest first; `from` is included, `to` is not. */
export const ListTransfers = Type.Object(
  { limit: Type.Optional(Limit), cursor: Type.Optional(Cursor), from: Type.Optional(Time), to: Type.Optional(Time) },
  strict,
);
