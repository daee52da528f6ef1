import Type from 'typebox';
import { DESK_LINES } from '../desks/index.ts';
import { TRANSFER_REASONS, type TransferReason } from '../desks/vocabulary.ts';
import { AccountId, AssetCode, Cursor, Decimal, Limit, OrderId, page, Time } from './common.ts';

const strict = { additionalProperties: false } as const;

export const Account = Type.Object(
  {
    id: AccountId,
    purpose: Type.String({ description: 'What it is for: `cash`, `fees`, …' }),
    asset: AssetCode,
    balance: Decimal,
    held: Type.String({ description: 'Set aside for orders that are not final, a decimal string.' }),
    available: Type.String({ description: 'balance − held, a decimal string.' }),
  },
  { ...strict, description: 'What an owner has of one asset, for one purpose.' },
);

export const AccountPage = page(Account);

export const TransferReasonName = Type.Enum(Object.keys(TRANSFER_REASONS) as TransferReason[], {
  description: 'Why the money moved.',
});

export const TransferDirection = Type.Enum(['debit', 'credit'], {
  description: 'debit: the money left this account.',
});

export const Transfer = Type.Object(
  {
    id: Type.String({ pattern: '^trf_[0-9]+-[0-9]+$', description: '`trf_<shard>-<sequence>`.' }),
    at: Time,
    reason: TransferReasonName,
    order_id: OrderId,
    direction: TransferDirection,
    amount: Decimal,
    balance: Type.String({
      description: 'Of the account after this line, a decimal string. True also where a filter leaves lines out.',
    }),
    counterparty_purpose: Type.String({ description: 'What the account on the other side is for.' }),
    ...DESK_LINES,
  },
  { ...strict, description: 'A line of an account’s statement.' },
);

export const TransferPage = page(Transfer);

export const AccountParams = Type.Object({ id: AccountId }, strict);

/** The query of `GET /v1/accounts/{id}/transfers`: newest first; `from` is included, `to` is not. */
export const ListTransfers = Type.Object(
  {
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    reason: Type.Optional(TransferReasonName),
    direction: Type.Optional(TransferDirection),
  },
  strict,
);

/** The query of `GET /v1/accounts/{id}/balances`: `from` is included, `to` is not. */
export const BalancesQuery = Type.Object({ from: Type.Optional(Time), to: Type.Optional(Time) }, strict);

export const PeriodBalances = Type.Object(
  {
    asset: AssetCode,
    opening: Type.String({ description: 'Before `from`, a decimal string; nothing where there is no `from`.' }),
    closing: Type.String({ description: 'Before `to`, a decimal string; now where there is no `to`.' }),
  },
  { ...strict, description: 'An account’s balance before a period and after it.' },
);

export type PeriodBalancesView = Type.Static<typeof PeriodBalances>;
