import type { ReactNode } from 'react';
import classes from './stats.module.css';

/** Figures side by side, as many as there is room for. Holds `Stat`s. `packed`: each as wide as its text. */
export function Stats({ children, packed = false }: { children: ReactNode; packed?: boolean }) {
  return <dl className={packed ? classes['packed'] : classes['stats']}>{children}</dl>;
}
