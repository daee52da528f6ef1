import { type Purpose, PURPOSES, TRANSFERS, type TransferReason } from '@millrace/contract/vocabulary';
import { wordsOfName } from './orders.ts';

export const PURPOSE_NAMES = Object.keys(PURPOSES) as Purpose[];
export const TRANSFER_REASON_NAMES = Object.keys(TRANSFERS) as TransferReason[];

/** In a sentence ("your loan notes"); a purpose that is newer than this page has its own name. */
export function purposeWords(purpose: string): string {
  return Object.hasOwn(PURPOSES, purpose) ? PURPOSES[purpose as Purpose].words : purpose.replaceAll('_', ' ');
}

/** As a label: "Loan notes". */
export function purposeLabel(purpose: string): string {
  return wordsOfName(purposeWords(purpose));
}

/** Why money moved, as told to a reader who sees both sides. A reason that is newer than this page has its own name. */
export function reasonLabel(reason: string): string {
  return Object.hasOwn(TRANSFERS, reason) ? TRANSFERS[reason as TransferReason].label : wordsOfName(reason);
}
