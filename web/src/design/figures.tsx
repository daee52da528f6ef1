import { VisuallyHidden } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { formatCompact, formatCount, formatMoney, formatPercent, signOf } from '../money/index.ts';
import classes from './figures.module.css';

export interface MoneyProps {
  /** A decimal string, as the wire has it. */
  amount: string;
  asset: string;
  /** For figures that are read at a glance; the whole amount is in the title. */
  compact?: boolean;
}

/** Shorter ones fit wherever a figure stands. */
const UNBROKEN_CHARACTERS_MAX = 15;

/** A long amount may go on in the next line after a comma, where the place it stands in lets it. */
function breakable(figure: string): ReactNode {
  if (figure.length <= UNBROKEN_CHARACTERS_MAX) return figure;
  return figure.split(/(?<=,)/).map((digits, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {digits}
    </Fragment>
  ));
}

export function Money({ amount, asset, compact = false }: MoneyProps) {
  const whole = formatMoney(amount, asset);
  if (!compact) return <span className={classes['figure']}>{breakable(whole)}</span>;
  return (
    <span className={classes['figure']} title={whole}>
      {formatCompact(amount, asset)}
    </span>
  );
}

/** Money that came or went: sign, arrow and colour say the same thing. */
export function SignedMoney({ amount, asset }: Omit<MoneyProps, 'compact'>) {
  const sign = signOf(amount);
  const tone = sign === 0 ? '' : ` ${sign > 0 ? classes['good'] : classes['bad']}`;
  return (
    <span className={`${classes['figure']}${tone}`}>
      <span aria-hidden className={classes['arrow']}>
        {sign === 0 ? '' : sign > 0 ? '▲' : '▼'}
      </span>
      {breakable(formatMoney(amount, asset, { sign: true }))}
    </span>
  );
}

/** A decimal as percent: "0.0725" is 7.25%. */
export function Percent({ value, digits, sign }: { value: string; digits?: number; sign?: boolean }) {
  return (
    <span className={classes['figure']}>
      {formatPercent(value, { ...(digits === undefined ? {} : { digits }), ...(sign ? { sign } : {}) })}
    </span>
  );
}

/** A yearly rate: "0.0725" is 7.25% a year. */
export function Rate({ value }: { value: string }) {
  return (
    <span className={classes['figure']}>
      {formatPercent(value)}
      <VisuallyHidden> a year</VisuallyHidden>
    </span>
  );
}

export function Count({ value }: { value: number | bigint }) {
  return <span className={classes['figure']}>{formatCount(value)}</span>;
}

/** An id, or another word of the machine: may break anywhere, so that it fits. */
export function Code({ children }: { children: string }) {
  return <code className={classes['code']}>{children}</code>;
}
