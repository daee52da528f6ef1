import type { LoanFundingView, LoansQuery, LoanView } from '@millrace/contract';
import { type Pages, withInserted } from '../../live/index.ts';
import { ratio } from '../../money/index.ts';
import { isWanted } from './filters.ts';
import type { FundingPages, LoanPages } from './queries.ts';

export type LoanChange = Partial<Pick<LoanView, 'status' | 'funded' | 'remaining' | 'investors' | 'funded_at'>>;

/** The loan after an event; its progress follows from what is funded. */
export function changed<Loan extends LoanView>(loan: Loan, change: LoanChange): Loan {
  const next = { ...loan, ...change };
  // Four places, rounded down, as the server writes it: a loan is at 100 % only when it is.
  const millionths = Math.round(ratio(next.funded, next.amount) * 1_000_000);
  return { ...next, progress: (Math.floor(millionths / 100) / 10_000).toFixed(4) };
}

function mapItems<Item>(pages: Pages<Item>, map: (item: Item) => Item): Pages<Item> {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, data: page.data.map(map) })) };
}

/** A list in which one loan has changed; the same list where it does not hold it. The loan keeps its place. */
export function withChangedLoan(pages: LoanPages, id: string, change: (loan: LoanView) => LoanChange): LoanPages {
  if (!pages.pages.some(({ data }) => data.some((loan) => loan.id === id))) return pages;
  return mapItems(pages, (loan) => (loan.id === id ? changed(loan, change(loan)) : loan));
}

/** A list by age with a loan that was opened now, where it belongs into it. Any other order is left as it was read. */
export function withNewLoan(pages: LoanPages, query: LoansQuery, loan: LoanView): LoanPages {
  const isByAge = query.sort === undefined || query.sort === 'newest';
  if (!isByAge || !isWanted(loan, query)) return pages;
  if (pages.pages.some(({ data }) => data.some(({ id }) => id === loan.id))) return pages;
  return withInserted(pages, [loan], ({ created_at }) => created_at);
}

/** Investments of one batch have the same time; one investor may have several of the same amount among them. */
export function fundingKey({ at, amount, alias }: Pick<LoanFundingView, 'at' | 'amount' | 'alias'>): string {
  return `${at} ${alias} ${amount}`;
}

/** The list with what an event brings (newest last), less what was read already. `ownAlias`: whose entries are one's own. */
export function withFundings(
  pages: FundingPages,
  arrived: readonly LoanFundingView[],
  ownAlias: string | undefined,
): FundingPages {
  const known = new Map<string, number>();
  for (const funding of pages.pages.flatMap(({ data }) => data)) {
    const key = fundingKey(funding);
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  const fresh = arrived.filter((funding) => {
    const key = fundingKey(funding);
    const count = known.get(key) ?? 0;
    if (count > 0) known.set(key, count - 1);
    return count === 0;
  });
  if (fresh.length === 0) return pages;
  const marked = fresh.map((funding) =>
    funding.alias === ownAlias ? { ...funding, own: true, investor: 'you' } : funding,
  );
  return withInserted(pages, marked, ({ at }) => at);
}
