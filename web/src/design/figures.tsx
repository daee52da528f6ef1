import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCompact, formatCount, formatMoney, formatPercent, parseDecimal } from '../money/index.ts';
import classes from './figures.module.css';

export interface MoneyProps {
  /** A decimal string, as the wire has it. */
  amount: string;
  asset: string;
  /** For figures that are read at a glance; the whole amount is in the title. */
  compact?: boolean;
}

/** From so many units on an amount is short, wherever it stands: no column fits all of its digits. */
const COMPACT_FROM = 1_000_000_000n;

function isLarge(amount: string): boolean {
  const { units, scale } = parseDecimal(amount);
  return (units < 0n ? -units : units) >= COMPACT_FROM * 10n ** BigInt(scale);
}

/** The digits after the point are read after those before it. */
function withQuietCents(figure: string): ReactNode {
  const [, whole, cents, rest] = /^(.*\d)(\.\d+)(\D*)$/.exec(figure) ?? [];
  if (cents === undefined) return figure;
  return (
    <>
      {whole}
      <span className={classes['cents']}>{cents}</span>
      {rest}
    </>
  );
}

interface AmountProps extends MoneyProps {
  sign?: boolean;
}

function Amount({ amount, asset, compact = false, sign = false }: AmountProps) {
  const whole = formatMoney(amount, asset, { sign });
  if (!compact && !isLarge(amount)) {
    return (
      <span className={classes['figure']} data-money>
        {withQuietCents(whole)}
      </span>
    );
  }
  return (
    <span className={classes['figure']} title={whole} data-money>
      {formatCompact(amount, asset, { sign, ...(isLarge(amount) ? { digits: 2 } : {}) })}
    </span>
  );
}

/** An amount of money. It never breaks across lines. */
export function Money(props: MoneyProps) {
  return <Amount {...props} />;
}

/** Money that came or went, with its sign. Neither is a state: it has no colour. */
export function SignedMoney(props: Omit<MoneyProps, 'compact'>) {
  return <Amount {...props} sign />;
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
