import { CSV_MARK, csvLine } from '@millrace/client/reading';
import type { WireTransfer } from '@millrace/contract';
import { signedAmount } from './amounts.ts';
import { purposeLabel } from '../../wording/index.ts';
import { wordsOfMove } from './wording.ts';

/** What one file holds: a spreadsheet opens it at once, and it is collected in some hundred pages. */
export const CSV_LINES_MAX = 50_000;

export const CSV_HEADER = csvLine([
  'time',
  'description',
  'amount',
  'asset',
  'loan',
  'loan_id',
  'counterparty',
  'reason',
  'direction',
  'order_id',
  'transfer_id',
]);

/** A line of the statement; the amount has its sign. */
export function csvOf(line: WireTransfer, asset: string): string {
  return csvLine([
    line.at,
    wordsOfMove(line.reason, line.direction),
    signedAmount(line),
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

/** How often somebody who waits is told how far it is. */
const TELL_EVERY = 200;

/** Makes the file of all lines, up to `CSV_LINES_MAX`. Throws what reading the lines throws, such as when it is aborted. */
export async function collectCsv(
  lines: AsyncIterable<WireTransfer>,
  { asset, tell, linesMax = CSV_LINES_MAX }: { asset: string; tell: (lines: number) => void; linesMax?: number },
): Promise<Collected> {
  const collected: Collected = { parts: [CSV_MARK + CSV_HEADER], lines: 0, isCut: false };
  for await (const line of lines) {
    if (collected.lines === linesMax) {
      collected.isCut = true;
      break;
    }
    collected.parts.push(csvOf(line, asset));
    collected.lines += 1;
    if (collected.lines % TELL_EVERY === 0) tell(collected.lines);
  }
  return collected;
}

/** `statement-USD-2026-11-21.csv`: only what every file system takes. */
export function fileNameOf(asset: string, day: string): string {
  return `statement-${asset.replaceAll(/[^A-Za-z0-9.-]/g, '-')}-${day}.csv`;
}
