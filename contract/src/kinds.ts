import Type from 'typebox';
import { Amount, AssetCode, LoanId, OrderId, Rate, readable, Time, UserId } from './schemas/common.ts';

export type Role = 'investor' | 'trader' | 'operator' | 'service';

/** What a key may be allowed to do. A session has every scope that its user's role allows. */
export const SCOPES = {
  'orders:read': 'read own orders, accounts and events',
  'orders:write': 'place and cancel orders',
  'loans:write': 'create loans (operators)',
  'users:write': 'register users and act for them (services)',
  operate: 'dead letters, all events, verification (operators)',
} as const;
export type Scope = keyof typeof SCOPES;

/** One kind of order or internal command: the schema of its parameters, and who may place it. */
export interface Kind {
  /** Parameters, without `kind` and `id`. */
  params: Type.TObject;
  /** Roles that may place it; empty for commands that only Millrace itself submits. */
  roles: readonly Role[];
  scope: Scope;
  /** Whether it is an order that its user sees in lists. */
  visible: boolean;
  description: string;
}

/** A kind that keeps the types of its parameters, for `ParamsOf`. */
type KindOf<Params extends Type.TProperties> = Omit<Kind, 'params'> & { params: Type.TObject<Params> };

const everybody = ['investor', 'trader', 'operator', 'service'] as const;
const strict = { additionalProperties: false } as const;

function order<Params extends Type.TProperties>(
  description: string,
  params: Params,
  roles: readonly Role[] = everybody,
  scope: Scope = 'orders:write',
): KindOf<Params> & { visible: true } {
  return { params: Type.Object(params, strict), roles, scope, visible: true, description };
}

function internal<Params extends Type.TProperties>(
  description: string,
  params: Params,
): KindOf<Params> & { visible: false } {
  return { params: Type.Object(params, strict), roles: [], scope: 'operate', visible: false, description };
}

const MerchantName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$',
  description: 'The handle of a registered merchant, or a user’s id.',
});

export const CloseReason = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Why, in words that everybody may read.',
});

/** Every kind of command. What a desk decides, by its kind; `POST /v1/orders` takes the visible ones. */
export const KINDS = {
  fund_loan: order('Invest in a loan that is open for funding.', {
    loan_id: LoanId,
    amount: Amount,
    allow_partial: Type.Optional(
      Type.Boolean({ default: false, description: 'Accept less where less is still open. Default: all or nothing.' }),
    ),
  }),
  repay_loan: order('Pay the oldest unpaid instalment of your own loan now.', { loan_id: LoanId }),
  recover_loan: order(
    'Pay the oldest unpaid instalment of a loan in default, out of your own account, with what was recovered (operators).',
    { loan_id: LoanId },
    ['operator'],
    'loans:write',
  ),
  deposit: order('Bring money in from outside (simulated).', { asset: AssetCode, amount: Amount }),
  withdraw: order('Send money outside. Pending until the bank has answered.', { asset: AssetCode, amount: Amount }),
  transfer: order('Send money to another user.', { to_user: UserId, asset: AssetCode, amount: Amount }),
  pay: order('Pay a merchant for a number of items.', {
    merchant: MerchantName,
    item: readable({ maxLength: 200 }),
    quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    price: Amount,
    asset: Type.Optional(AssetCode),
  }),
  create_loan: {
    params: Type.Object(
      {
        loan_id: Type.Optional(LoanId),
        borrower_id: UserId,
        purpose: readable({ maxLength: 200 }),
        asset: Type.Optional(AssetCode),
        amount: Amount,
        apr: Rate,
        term_months: Type.Integer({ minimum: 1, maximum: 480 }),
        grade: Type.String({ pattern: '^[A-G]$', description: 'Risk grade, A (least) to G.' }),
        funding_deadline: Time,
      },
      strict,
    ),
    roles: ['operator'],
    scope: 'loans:write',
    visible: false,
    description: 'Open a loan for funding (`POST /v1/loans`).',
  },
  close_loan: {
    params: Type.Object({ loan_id: LoanId, reason: CloseReason }, strict),
    roles: ['operator'],
    scope: 'loans:write',
    visible: false,
    description: 'End the funding of an open loan and give all money back (`POST /v1/loans/:id/close`).',
  },
  cancel_withdrawal: {
    params: Type.Object({ order_id: OrderId }, strict),
    roles: everybody,
    scope: 'orders:write',
    visible: false,
    description: 'Call an order back (`POST /v1/orders/:id/cancel`).',
  },
  grant_bonus: internal('The starting balance of a new user.', { user_id: UserId, asset: AssetCode, amount: Amount }),
  send_withdrawal: internal('A withdrawal is about to be handed to the bank.', { order_id: OrderId }),
  settle_withdrawal: internal('The bank has answered.', {
    order_id: OrderId,
    approved: Type.Boolean(),
    reason: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  expire_loan: internal('The funding deadline has passed.', { loan_id: LoanId }),
  collect_installment: internal('An instalment is due.', {
    loan_id: LoanId,
    number: Type.Integer({ minimum: 1, maximum: 480 }),
  }),
  default_loan: internal('An instalment has stayed unpaid for too long.', { loan_id: LoanId }),
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;
/** The kinds that are orders. */
export type OrderKindName = {
  [Name in KindName]: (typeof KINDS)[Name]['visible'] extends true ? Name : never;
}[KindName];
export type ParamsOf<Name extends KindName> = Type.Static<(typeof KINDS)[Name]['params']>;

/** The command that cancels an order of a kind; a kind that is not listed is never canceled. */
export const CANCELED_BY = { withdraw: 'cancel_withdrawal' } as const satisfies Partial<Record<KindName, KindName>>;
