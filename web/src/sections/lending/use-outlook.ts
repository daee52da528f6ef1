import type { LoanDetailView, LoanProjectionView, Reason, WirePreview } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { compare } from '../../money/index.ts';
import { acceptedAmount } from './pending.ts';
import { type FundLoan, investmentPreviewQuery, projectionQuery } from './queries.ts';

/** What an investment would do and bring, as things are now. */
export interface Outlook {
  preview: WirePreview | undefined;
  projection: LoanProjectionView | undefined;
  /** Why it would be refused; undefined: it would not, or nobody knows yet. */
  reason: Reason | undefined;
  isBusy: boolean;
  error: unknown;
  retry: () => void;
}

/** undefined asks nothing. */
export function useOutlook(loan: LoanDetailView, amount: string | undefined, allowPartial: boolean): Outlook {
  const partial = allowPartial ? { allow_partial: true } : {};
  const order: FundLoan = { kind: 'fund_loan', loan_id: loan.id, amount: amount ?? '0', ...partial };
  const asked = useQuery({ ...investmentPreviewQuery(order), enabled: amount !== undefined });
  // What is more than the loan takes has no payments to show; what one cannot afford has.
  const wanted = acceptedAmount(asked.data) ?? amount;
  const isPossible = wanted !== undefined && loan.status === 'open' && compare(wanted, loan.remaining) <= 0;
  const projected = useQuery({
    ...projectionQuery(loan.id, wanted ?? '0'),
    enabled: isPossible && !asked.isPending,
    placeholderData: undefined,
  });
  const failed = [asked, projected].find(({ isError }) => isError);
  return {
    preview: asked.data,
    projection: isPossible ? projected.data : undefined,
    reason: reasonNow(loan, asked.data, order),
    isBusy: amount !== undefined && (asked.isPending || (isPossible && projected.isPending)),
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
  };
}

/** The preview's reason, or what the loan's live progress says since. */
function reasonNow(loan: LoanDetailView, preview: WirePreview | undefined, order: FundLoan): Reason | undefined {
  if (!preview) return undefined;
  if (compare(loan.remaining, '0') === 0) return 'loan_fully_funded';
  if (!order.allow_partial && compare(String(order.amount), loan.remaining) > 0) return 'exceeds_remaining';
  return preview.status === 'rejected' ? (preview.reason ?? undefined) : undefined;
}
