import { CSV_MARK, csvLine } from '@millrace/client/reading';
import type { PeriodBalancesView, WireTransfer } from '@millrace/contract';
import { signedAmount } from './amounts.ts';
import { purposeLabel } from '../../wording/index.ts';
import { wordsOfMove } from './wording.ts';

/** What one file holds: a spreadsheet opens it at once, and it is collected in some hundred pages. */
export const CSV_LINES_MAX = 50_000;

export const CSV_HEADER = csvLine([
  'time',
  'description',
  'amount',
  'balance',
  'asset',
  'loan',
  'loan_id',
  'counterparty',
  'reason',
  'direction',
  'order_id',
  'transfer_id',
]);

/** A balance as a line of its own. */
function balanceLine(words: string, balance: string, asset: string): string {
  return csvLine(['', words, '', balance, asset, '', '', '', '', '', '', '']);
}

/** A line of the statement; the amount has its sign. */
export function csvOf(line: WireTransfer, asset: string): string {
  return csvLine([
    line.at,
    wordsOfMove(line.reason, line.direction),
    signedAmount(line),
    line.balance,
    asset,
    line.loan?.purpose ?? '',
    line.loan?.id ?? '',
    purposeLabel(line.counterparty_purpose),
    line.reason,
    line.direction,
    line.order_id,
    line.id,
  ]);
}

export interface Collected {
  /** The file in parts, the header first, behind the mark that spreadsheets know UTF-8 by. */
  parts: string[];
  lines: number;
  /** There are more lines than a file holds. */
  isCut: boolean;
}

/** How often a waiting user is told how far it is. */
const TELL_EVERY = 200;

export interface CsvOptions {
  asset: string;
  balances: Pick<PeriodBalancesView, 'opening' | 'closing'>;
  /** Whether the lines are all of the period: then the newest one says what it closes with, also where it has just come. */
  isWhole: boolean;
  tell: (lines: number) => void;
  linesMax?: number;
}

/**
 * Makes the file of all lines, up to `CSV_LINES_MAX`, newest first between the closing and the opening balance. Throws what
 * reading the lines throws, such as when it is aborted.
 */
export async function collectCsv(
  lines: AsyncIterable<WireTransfer>,
  { asset, balances, isWhole, tell, linesMax = CSV_LINES_MAX }: CsvOptions,
): Promise<Collected> {
  const collected: Collected = { parts: [], lines: 0, isCut: false };
  let { closing } = balances;
  for await (const line of lines) {
    if (collected.lines === linesMax) {
      collected.isCut = true;
      break;
    }
    if (collected.lines === 0 && isWhole) closing = line.balance;
    collected.parts.push(csvOf(line, asset));
    collected.lines += 1;
    if (collected.lines % TELL_EVERY === 0) tell(collected.lines);
  }
  collected.parts.unshift(CSV_MARK + CSV_HEADER, balanceLine('Closing balance', closing, asset));
  // Behind lines that are missing it would not be the balance before the last one.
  if (!collected.isCut) collected.parts.push(balanceLine('Opening balance', balances.opening, asset));
  return collected;
}

/** `statement-USD-2026-11-21.csv`: only what every file system takes. */
export function fileNameOf(asset: string, day: string): string {
  return `statement-${asset.replaceAll(/[^A-Za-z0-9.-]/g, '-')}-${day}.csv`;
}
