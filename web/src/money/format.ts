import { parseDecimal } from './decimal.ts';

/** What Intl takes exactly: the text, never a number made of it. */
type Numeric = Intl.StringNumericLiteral;

const LOCALE = 'en-US';
const CURRENCY = /^[A-Z]{3}$/;
/** Formatters cost a millisecond to make; there are as many as assets and scales on the screen. */
const FORMATTERS_MAX = 100;
const formatters = new Map<string, Intl.NumberFormat>();

function formatterOf(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) {
    if (formatters.size >= FORMATTERS_MAX) formatters.clear();
    formatter = new Intl.NumberFormat(LOCALE, options);
    formatters.set(key, formatter);
  }
  return formatter;
}

/** A currency by ISO 4217 is written with its own sign (of all dollars only USD's is "$"), anything else with its code behind it. */
function isCurrency(asset: string): boolean {
  return CURRENCY.test(asset) && Intl.supportedValuesOf('currency').includes(asset);
}

/** Assets of one thing's own have its id behind a colon. */
function nameOf(asset: string): string {
  return asset.includes(':') ? 'notes' : asset;
}

/** A minus is as wide as a plus and as a digit, and no line breaks after it as after a hyphen. */
const MINUS = '\u2212';

function withMinus(figure: string): string {
  return figure.replace('-', MINUS);
}

/** "1234.50", "USD" → "$1,234.50". Every place that the text has is shown. Nothing in it lets a line break. */
export function formatMoney(amount: string, asset: string, options: { sign?: boolean } = {}): string {
  const { scale } = parseDecimal(amount);
  const common: Intl.NumberFormatOptions = {
    minimumFractionDigits: scale,
    maximumFractionDigits: scale,
    ...(options.sign ? { signDisplay: 'exceptZero' } : {}),
  };
  if (!isCurrency(asset)) {
    return withMinus(`${formatterOf(common).format(amount as Numeric)}\u00A0${nameOf(asset)}`);
  }
  return withMinus(formatterOf({ ...common, style: 'currency', currency: asset }).format(amount as Numeric));
}

/** For figures that are read at a glance: "1234567.00", "USD" → "$1.2M". */
export function formatCompact(
  amount: string,
  asset: string,
  options: { sign?: boolean; digits?: number } = {},
): string {
  const style = isCurrency(asset) ? { style: 'currency' as const, currency: asset } : {};
  const figure = formatterOf({
    ...style,
    notation: 'compact',
    maximumFractionDigits: options.digits ?? 1,
    ...(options.sign ? { signDisplay: 'exceptZero' } : {}),
  }).format(amount as Numeric);
  return withMinus(isCurrency(asset) ? figure : `${figure}\u00A0${nameOf(asset)}`);
}

/** "0.0725" → "7.25%"; at least one place. */
export function formatPercent(decimal: string, options: { sign?: boolean; digits?: number } = {}): string {
  const figure = formatterOf({
    style: 'percent',
    minimumFractionDigits: Math.min(1, options.digits ?? 1),
    maximumFractionDigits: options.digits ?? 2,
    ...(options.sign ? { signDisplay: 'exceptZero' } : {}),
  }).format(decimal as Numeric);
  return withMinus(figure);
}

/** A count: 12,345. */
export function formatCount(count: number | bigint): string {
  return formatterOf({ maximumFractionDigits: 1 }).format(count);
}
