import { NativeSelect } from '@mantine/core';
import { formatPercent } from '../../money/index.ts';
import { UrlSearchInput } from '../../navigation/index.ts';
import { GRADES } from '../../wording/index.ts';
import { LOAN_STATUSES, type LoanFilters, RATES, TERMS } from './filters.ts';
import classes from './lending.module.css';

const SORT_WORDS = [
  { value: '', label: 'Newest first' },
  { value: 'deadline', label: 'Ending soonest' },
  { value: 'rate', label: 'Highest rate' },
  { value: 'progress', label: 'Nearly funded' },
  { value: 'amount', label: 'Largest' },
];

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const STATUSES = [
  ...LOAN_STATUSES.map((value) => ({
    value: value === 'open' ? '' : value,
    label: capital(value),
  })),
  { value: 'any', label: 'All loans' },
];

const GRADE_OPTIONS = [{ value: '', label: 'Any' }, ...GRADES.map((value) => ({ value, label: value }))];
const TERM_OPTIONS = [
  { value: '', label: 'Any' },
  ...TERMS.map((value) => ({ value, label: `Up to ${value} months` })),
];
const RATE_OPTIONS = [
  { value: '', label: 'Any' },
  ...RATES.map((value) => ({ value, label: `${formatPercent(value)} or more` })),
];

export interface LoanFilterBarProps {
  filters: LoanFilters;
  change: (change: Partial<Record<keyof LoanFilters, string | undefined>>) => void;
}

export function LoanFilterBar({ filters, change }: LoanFilterBarProps) {
  const select = (
    name: Exclude<keyof LoanFilters, 'search'>,
    label: string,
    data: { value: string; label: string }[],
  ) => (
    <NativeSelect
      label={label}
      data={data}
      value={filters[name] ?? ''}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <search className={classes['filters']} aria-label="Loans">
      <UrlSearchInput placeholder="Purpose or id" value={filters.search} change={(search) => change({ search })} />
      {select('status', 'Status', STATUSES)}
      {select('grade', 'Grade', GRADE_OPTIONS)}
      {select('term', 'Term', TERM_OPTIONS)}
      {select('rate', 'Rate', RATE_OPTIONS)}
      {select('sort', 'Order', SORT_WORDS)}
    </search>
  );
}
