import type { LoanFundingView, LoanView, WireEventEnvelope } from '@millrace/contract';
import { QueryClient } from '@tanstack/react-query';
import { describe, expect, test } from 'vitest';
import { dispatcherOf } from '../../live/index.ts';
import { lendingEvents } from './events.ts';
import { loanKeys } from './keys.ts';
import { listedEntry, type Placed } from './pending.ts';
import type { FundingPages, LoanPages } from './queries.ts';
import { changed, fundingKey, withChangedLoan, withFundings, withNewLoan } from './reducers.ts';

const AT = '2026-11-21T10:00:00.000Z';

function loan(more: Partial<LoanView> = {}): LoanView {
  return {
    id: 'loan_1',
    purpose: 'New roof',
    asset: 'USD',
    amount: '1000.00',
    funded: '100.00',
    remaining: '900.00',
    progress: '0.1000',
    apr: '0.0725',
    term_months: 24,
    grade: 'B',
    status: 'open',
    investors: 1,
    funding_deadline: '2026-12-21T10:00:00.000Z',
    created_at: AT,
    funded_at: null,
    ...more,
  };
}

function pagesOf<Item>(...pages: Item[][]) {
  return {
    pages: pages.map((data) => ({ data, has_more: false, next_cursor: null })),
    pageParams: pages.map(() => null),
  };
}

function funding(more: Partial<LoanFundingView> = {}): LoanFundingView {
  return { at: AT, amount: '50.00', alias: 'Investor 2', investor: 'Investor 2', own: false, ...more };
}

function event(type: WireEventEnvelope['type'], data: Record<string, unknown>): WireEventEnvelope {
  return {
    id: `evt_${type}`,
    type,
    source: '/millrace',
    subject: 'loan_1',
    time: AT,
    specversion: '1.0',
    data,
  } as never;
}

describe('a loan', () => {
  test('is at 100 % only when nothing is open any more', () => {
    expect(changed(loan(), { funded: '999.99' }).progress).toBe('0.9999');
    expect(changed(loan(), { funded: '1000.00' }).progress).toBe('1.0000');
    expect(changed(loan(), { funded: '290.00' }).progress).toBe('0.2900');
  });

  test('keeps its place in the list when it changes, on whatever page', () => {
    const pages: LoanPages = pagesOf([loan({ id: 'loan_0' })], [loan()]);
    const next = withChangedLoan(pages, 'loan_1', () => ({ funded: '500.00' }));
    expect(next.pages[1]?.data[0]).toMatchObject({ id: 'loan_1', progress: '0.5000' });
    expect(next.pages[0]?.data[0]).toBe(pages.pages[0]?.data[0]);
    expect(withChangedLoan(pages, 'loan_9', () => ({ funded: '1.00' }))).toBe(pages);
  });

  test('that is new comes first in lists by age that it fits, once, and in no other', () => {
    const pages: LoanPages = pagesOf([loan()]);
    const fresh = loan({ id: 'loan_2', grade: 'A' });
    const ids = (list: LoanPages) => list.pages.flatMap(({ data }) => data.map(({ id }) => id));
    expect(ids(withNewLoan(pages, {}, fresh))).toEqual(['loan_2', 'loan_1']);
    expect(ids(withNewLoan(withNewLoan(pages, {}, fresh), {}, fresh))).toEqual(['loan_2', 'loan_1']);
    expect(ids(withNewLoan(pages, { grade: 'B' }, fresh))).toEqual(['loan_1']);
    expect(ids(withNewLoan(pages, { rate_min: '0.08' }, fresh))).toEqual(['loan_1']);
    expect(ids(withNewLoan(pages, { sort: 'rate' }, fresh))).toEqual(['loan_1']);
    expect(ids(withNewLoan(pages, { status: 'open', search: 'ROOF', term_max: 24 }, fresh))).toEqual([
      'loan_2',
      'loan_1',
    ]);
  });
});

describe('investments that an event brings', () => {
  test('come newest first, and none twice, though one investor may have two of the same amount', () => {
    const pages: FundingPages = pagesOf([funding()]);
    const twice = [funding(), funding(), funding({ alias: 'Investor 3' })];
    const next = withFundings(pages, twice, undefined);
    expect(next.pages[0]?.data.map(({ alias }) => alias)).toEqual(['Investor 3', 'Investor 2', 'Investor 2']);
    expect(withFundings(next, twice, undefined)).toBe(next);
  });

  test('that are older than what was read are no news', () => {
    const pages: FundingPages = {
      pages: [{ data: [funding()], has_more: true, next_cursor: 'next' }],
      pageParams: [null],
    };
    const [older, newer] = [{ at: '2026-11-21T09:59:00.000Z' }, { at: '2026-11-21T10:01:00.000Z' }];
    const next = withFundings(pages, [funding(older), funding(newer)], undefined);
    expect(next.pages[0]?.data.map(({ at }) => at)).toEqual([newer.at, AT]);
  });

  test('are one’s own where the alias is', () => {
    const next = withFundings(pagesOf<LoanFundingView>([]), [funding()], 'Investor 2');
    expect(next.pages[0]?.data[0]).toMatchObject({ own: true, investor: 'you' });
  });
});

describe('an investment on its way', () => {
  const placed: Placed = {
    order: { id: 'ord_1', kind: 'fund_loan', loan_id: 'loan_1', amount: '50' },
    at: AT,
    before: new Set([fundingKey(funding())]),
    answer: undefined,
  };

  test('is not taken for an older one of the same amount', () => {
    expect(listedEntry(placed, [funding()], 'Investor 2')).toBeUndefined();
  });

  test('is listed once its entry came, under the user’s own alias or, before the first one, by its amount', () => {
    const later = funding({ at: '2026-11-21T10:01:00.000Z' });
    expect(listedEntry(placed, [later, funding()], 'Investor 2')).toBe(later);
    expect(listedEntry(placed, [later, funding()], 'Investor 7')).toBeUndefined();
    expect(listedEntry(placed, [later, funding()], undefined)).toBe(later);
    expect(listedEntry(placed, [{ ...later, amount: '49.00' }], undefined)).toBeUndefined();
  });
});

describe('events in the query cache', () => {
  const dispatch = dispatcherOf([lendingEvents]);
  const listed = (cache: QueryClient) => cache.getQueryData<LoanPages>(loanKeys.loans({}))?.pages[0]?.data[0];
  function cacheWith(first: LoanView): QueryClient {
    const cache = new QueryClient();
    cache.setQueryData(loanKeys.loans({}), pagesOf([first]));
    cache.setQueryData(loanKeys.loan(first.id), { ...first, own_share: null, schedule: [] });
    return cache;
  }
  const progress = (funded: string, remaining: string) =>
    event('loan_progress', { loan_id: 'loan_1', status: 'open', funded, remaining, investors: 2, fundings: [] });

  test('move the progress of lists and of the loan’s page', () => {
    const cache = cacheWith(loan());
    dispatch(progress('250.00', '750.00'), cache);
    expect(listed(cache)).toMatchObject({ funded: '250.00', remaining: '750.00', investors: 2, progress: '0.2500' });
    expect(cache.getQueryData(loanKeys.loan('loan_1'))).toMatchObject({ progress: '0.2500' });
  });

  test('that come late never take progress back', () => {
    const cache = cacheWith(loan({ funded: '500.00', remaining: '500.00' }));
    dispatch(progress('250.00', '750.00'), cache);
    expect(listed(cache)).toMatchObject({ funded: '500.00' });
  });

  test('that fund a loan say so everywhere, and have its page read again', () => {
    const cache = cacheWith(loan());
    dispatch(event('loan_funded', { loan_id: 'loan_1', amount: '1000.00', investors: 4 }), cache);
    expect(listed(cache)).toMatchObject({ status: 'repaying', remaining: '0.00', progress: '1.0000', funded_at: AT });
    expect(cache.getQueryState(loanKeys.loan('loan_1'))?.isInvalidated).toBe(true);
  });

  test('open a loan at the top of the list', () => {
    const cache = cacheWith(loan());
    const { funding_deadline } = loan();
    const data = { loan_id: 'loan_2', purpose: 'Boat', asset: 'USD', amount: '10.00', apr: '0.1', term_months: 6 };
    dispatch(event('loan_created', { ...data, grade: 'C', funding_deadline }), cache);
    expect(listed(cache)).toMatchObject({ id: 'loan_2', funded: '0.00', remaining: '10.00', status: 'open' });
  });
});
