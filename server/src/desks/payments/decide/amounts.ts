import { AMOUNT_MINOR_MAX, type AmountFault, type Asset, BALANCE_MINOR_MAX, parseAmount } from '../../../core/money.ts';
import type { AccountKey, LedgerView } from '../../../ledger/index.ts';
import { type Decision, refuse, reject, type View } from '../../desk.ts';
import type { LimitedKind, PaymentsSettings } from '../settings.ts';

const FAULTS: Record<AmountFault, string> = {
  not_a_number: 'must be a decimal number, without sign and exponent',
  too_precise: 'has more decimal places than the asset',
  not_positive: 'must be more than zero',
  too_large: 'is larger than any amount can be',
};

/** An amount in an asset of this installation, or the decision that says why there is none. */
export type ReadAmount = { ok: true; asset: Asset; minor: bigint } | { ok: false; decision: Decision<never> };

/** In order of precedence: unknown_asset (rejected), invalid_amount (refused, with `pointer`). */
export function readAmount(
  view: Pick<View<unknown>, 'assets'>,
  { code, amount, pointer }: { code: string; amount: string | number; pointer: string },
): ReadAmount {
  const asset = view.assets.get(code);
  if (!asset) return { ok: false, decision: reject('unknown_asset') };
  const parsed = parseAmount(amount, asset.scale);
  if (!parsed.ok)
    return { ok: false, decision: refuse('invalid_amount', `${pointer.slice(1)} ${FAULTS[parsed.fault]}`, pointer) };
  return { ok: true, asset, minor: parsed.minor };
}

/** Whatever the limit of its kind, no order moves more than an amount can be: quantity × price may be. */
export function exceedsLimit(settings: PaymentsSettings, kind: LimitedKind, asset: Asset, minor: bigint): boolean {
  return minor > AMOUNT_MINOR_MAX || minor > settings.amountMaxOf(kind, asset.scale);
}

/** Whether an account that may be negative has room for `minor` more. */
export function canDebit(ledger: LedgerView, account: AccountKey, minor: bigint): boolean {
  return ledger.balance(account) - minor >= -BALANCE_MINOR_MAX;
}
