-- Lending: loans, what each investor put in, and the schedule by which it comes back.

-- One row is the lock of everything about a loan: its stakes, instalments and notes change only under it.
-- Funding updates `funded` and `investor_count` alone; neither is in an index, so that the update stays in its page (HOT).
create table loans (
  id uuid primary key,
  borrower_id uuid not null,
  purpose text not null,
  asset text not null,
  amount bigint not null check (amount > 0),
  apr numeric(9, 6) not null check (apr >= 0),
  term_months integer not null check (term_months between 1 and 480),
  grade text not null check (grade ~ '^[A-G]$'),
  funding_deadline timestamptz not null,
  status text not null check (status in ('open', 'repaying', 'late', 'repaid', 'defaulted', 'expired')),
  funded bigint not null default 0,
  investor_count integer not null default 0 check (investor_count >= 0),
  created_at timestamptz not null,
  funded_at timestamptz,
  -- The oldest unpaid instalment, and the date from which it is to be collected next; null where there is none.
  next_number integer,
  next_due date,
  collect_on date,
  constraint loans_not_overfunded check (funded between 0 and amount),
  constraint loans_next check (
    (next_number is not null and next_due is not null) = (status in ('repaying', 'late', 'defaulted'))
    and (collect_on is not null) = (status in ('repaying', 'late'))
  )
) with (fillfactor = 50);
create index loans_by_time on loans (created_at, id);
create index loans_to_expire on loans (funding_deadline, id) where status = 'open';
create index loans_to_collect on loans (collect_on, id) where collect_on is not null;
create index loans_to_default on loans (next_due, id) where status = 'late';

-- Kept after the funding as the record of who put in what; refunds and notes are in the ledger. Half of each page stays
-- free: a batch can raise every stake of a page, and should find room for that in the page.
create table loan_stakes (
  loan_id uuid not null,
  user_id uuid not null,
  amount bigint not null check (amount > 0),
  primary key (loan_id, user_id)
) with (fillfactor = 50);

create table installments (
  loan_id uuid not null,
  number integer not null check (number between 1 and 480),
  due_date date not null,
  principal bigint not null check (principal >= 0),
  interest bigint not null check (interest >= 0),
  -- What the installation kept of the interest; 0 until it is paid.
  fee bigint not null default 0,
  status text not null check (status in ('scheduled', 'late', 'paid')),
  paid_at timestamptz,
  primary key (loan_id, number),
  constraint installments_fee_within_interest check (fee between 0 and interest),
  constraint installments_paid check ((paid_at is not null) = (status = 'paid'))
) with (fillfactor = 80);
