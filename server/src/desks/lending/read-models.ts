import type { lending } from '@millrace/contract';
import { formatId } from '../../core/ids.ts';
import type { DeskLines, DeskTotals, FoundThings } from '../read-models.ts';
import { SCAN_SIZE_MAX } from './loan-list.ts';

// An instalment's loan is in the order that moved it.
const LOAN_OF_LINE = `case
  when other.asset like 'loan:%' then substr(other.asset, 6)::uuid
  when other.purpose = 'escrow' then other.owner_id
  when t.reason in ('loan_funding', 'investment_refund', 'loan_disbursal') then (
    select own.owner_id from accounts own where own.id = $1::uuid and own.purpose = 'escrow')
  when t.reason in ('repayment_principal', 'repayment_interest', 'servicing_fee') then (
    select substr(o.params ->> 'loan_id', 6)::uuid from orders o where o.id = t.order_id)
end`;

/** The loan that a line of a statement is about. */
export const LENDING_LINES: DeskLines<typeof lending.lines> = {
  fields: {
    loan: {
      subjectSql: LOAN_OF_LINE,
      thingsSql: 'select id, purpose from loans',
      view: ({ id, purpose }: { id: string; purpose: string }) => ({ id: formatId('loan', id), purpose }),
    },
  },
};

/** How many loans there are, and what they moved. */
export const LENDING_TOTALS: DeskTotals<typeof lending.totals> = {
  events: ['loan_created', 'loan_funded', 'loan_expired', 'loan_closed'],
  transfers: {
    loan_funding: 'credit',
    investment_refund: 'debit',
    repayment_principal: 'debit',
    repayment_interest: 'debit',
  },
  of({ events, moved, amount }) {
    const created = events('loan_created');
    return {
      loans_open: created - events('loan_funded') - events('loan_expired') - events('loan_closed'),
      loans_total: created,
      funded: amount(moved('loan_funding') - moved('investment_refund')),
      repaid: amount(moved('repayment_principal')),
      interest_paid: amount(moved('repayment_interest')),
    };
  },
};

const COLUMNS = "id, purpose as title, 'grade ' || grade || ' · ' || status as subtitle";

export const LOANS_FOUND: FoundThings = {
  byId: `select ${COLUMNS} from loans where id >= $1::uuid and id <= $2::uuid order by id desc limit $3::integer`,
  byText: `
select ${COLUMNS} from (select * from loans order by created_at desc, id desc limit ${SCAN_SIZE_MAX}) as l
where strpos(search_key, $1::text) > 0 order by created_at desc, id desc limit $2::integer`,
};
