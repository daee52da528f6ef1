import Type from 'typebox';
import { ID_PREFIXES, OWNERS_WITH_ID, PURPOSES } from '../desks/vocabulary.ts';
import { AccountId, AssetCode, Cursor, Decimal, Limit, Names, page, Time, OWNER_NAMES } from './common.ts';

const strict = { additionalProperties: false } as const;

/** Lines of a trial balance at most: each loan's notes are an asset of their own. */
export const TRIAL_BALANCE_LINES_MAX = 1000;

const PurposeName = Type.String({
  pattern: '^[a-z_]{1,32}$',
  description: `What an account is for: ${Object.keys(PURPOSES)
    .map((purpose) => `\`${purpose}\``)
    .join(', ')}.`,
});

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

const Owner = Type.String({
  description: `Whose it is: ${OWNER_NAMES}.`,
});

export const LedgerAccount = Type.Object(
  {
    id: AccountId,
    owner: Owner,
    purpose: PurposeName,
    asset: AssetCode,
    balance: Decimal,
    held: Decimal,
    available: Decimal,
    created_at: Time,
    names: Names,
  },
  { ...strict, description: 'Any account, for operators.' },
);

export const LedgerAccountPage = page(LedgerAccount);

/** The query of `GET /v1/ledger/accounts`. */
export const ListLedgerAccounts = Type.Object(
  {
    owner: Type.Optional(
      Type.String({
        pattern: `^((${OWNERS_WITH_ID.map((kind) => ID_PREFIXES[kind]).join('|')})_${UUID}|installation)$`,
        description: `${OWNER_NAMES}.`,
      }),
    ),
    asset: Type.Optional(AssetCode),
    purpose: Type.Optional(PurposeName),
    sort: Type.Optional(
      Type.Enum(['owner', 'balance'], {
        default: 'owner',
        description:
          'owner: by owner, purpose and asset. balance: the greatest first, from a list that is at most 10 s old and has ' +
          'the 200 greatest only; needs `asset`.',
      }),
    ),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  },
  strict,
);

const sums = {
  accounts: Type.Integer({ description: 'How many accounts.' }),
  debit: Type.String({ description: 'The sum of the balances below zero, without their sign.' }),
  credit: Type.String({ description: 'The sum of the balances above zero.' }),
  balance: Type.String({ description: 'credit − debit.' }),
};

export const TrialBalanceLine = Type.Object(
  { asset: AssetCode, purpose: PurposeName, ...sums },
  { ...strict, description: 'The accounts of one asset for one purpose.' },
);

export const TrialBalanceAsset = Type.Object(
  { asset: AssetCode, ...sums },
  { ...strict, description: 'All accounts of one asset. `balance` is zero, or the books are wrong.' },
);

export const TrialBalance = Type.Object(
  {
    at: Time,
    balanced: Type.Boolean({ description: 'Whether every asset sums to zero, those that are not listed too.' }),
    unbalanced: Type.Array(AssetCode, { maxItems: 20, description: 'The first assets that do not.' }),
    accounts: Type.Integer({ description: 'How many accounts there are.' }),
    assets: Type.Array(TrialBalanceAsset, { maxItems: TRIAL_BALANCE_LINES_MAX }),
    lines: Type.Array(TrialBalanceLine, { maxItems: TRIAL_BALANCE_LINES_MAX }),
    more: Type.Boolean({ description: 'Whether there are more assets than are listed: currencies come first.' }),
    names: Names,
  },
  { ...strict, description: 'Every account, summed. Computed at most once in 10 s; `at` says when.' },
);

/** The query of `GET /v1/ledger/trial-balance`. */
export const TrialBalanceQuery = Type.Object({ asset: Type.Optional(AssetCode) }, strict);

export type LedgerAccountView = Type.Static<typeof LedgerAccount>;
export type TrialBalanceView = Type.Static<typeof TrialBalance>;
export type TrialBalanceLineView = Type.Static<typeof TrialBalanceLine>;
export type TrialBalanceAssetView = Type.Static<typeof TrialBalanceAsset>;
