import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './stats.module.css';

export interface StatProps {
  label: string;
  children: ReactNode;
  /** A smaller line below the figure. */
  hint?: ReactNode;
  size?: 'md' | 'lg' | 'xl';
}

/** A label and its figure. Several stand in a `<dl>`: `Stats`. */
export function Stat({ label, children, hint, size = 'lg' }: StatProps) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fz={size} fw={650} lh={1.3} style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
      {hint !== undefined && (
        <Text component="dd" m={0} size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </div>
  );
}

/** Figures side by side, as many as there is room for. Holds `Stat`s. `packed`: each as wide as its text. */
export function Stats({ children, packed = false }: { children: ReactNode; packed?: boolean }) {
  return <dl className={packed ? classes['packed'] : classes['stats']}>{children}</dl>;
}
