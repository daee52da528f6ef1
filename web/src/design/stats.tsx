import type { ReactNode } from 'react';
import classes from './stats.module.css';

/** Figures side by side, as many as there is room for. Holds `Stat`s. */
export function Stats({ children }: { children: ReactNode }) {
  return <dl className={classes['stats']}>{children}</dl>;
}
