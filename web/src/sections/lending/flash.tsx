import { type ReactNode, useState } from 'react';
import classes from './lending.module.css';

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
