import type { LoanView } from '@millrace/contract';
import { type ReactNode, useState } from 'react';
import classes from './lending.module.css';

const NONE: ReadonlySet<string> = new Set();

interface Seen {
  list: string;
  first: string | undefined;
  fresh: ReadonlySet<string>;
  newest: string;
}

/**
 * Loans that came to the top of the list while one was looking at it, and the words that say so. `list` names the list:
 * another filter is no news.
 */
export function useFresh(list: string, loans: readonly LoanView[]): { fresh: ReadonlySet<string>; newest: string } {
  const first = loans[0]?.id;
  const [seen, setSeen] = useState<Seen>({ list, first, fresh: NONE, newest: '' });
  if (seen.list !== list || (seen.first === undefined && first !== undefined)) {
    setSeen({ list, first, fresh: NONE, newest: '' });
  } else if (seen.first !== first) {
    const count = loans.findIndex(({ id }) => id === seen.first);
    const arrived = count === -1 ? [] : loans.slice(0, count);
    const fresh = new Set([...seen.fresh, ...arrived.map(({ id }) => id)]);
    const newest = arrived[0] ? `New loan: ${arrived[0].purpose}` : '';
    setSeen({ list, first, fresh, newest });
  }
  return seen;
}

/** Lights up for a moment when its value changes, and takes no room for it. */
export function Flash({ value, children }: { value: string; children: ReactNode }) {
  const [seen, setSeen] = useState({ value, changes: 0 });
  if (seen.value !== value) setSeen({ value, changes: seen.changes + 1 });
  return (
    <div className={classes['flash']}>
      {seen.changes > 0 && <span key={seen.changes} className={classes['light']} aria-hidden />}
      <div className={classes['content']}>{children}</div>
    </div>
  );
}
