import { type Outcome, problemOutcome } from './batch.ts';

/** Why a command that was taken gets no decision. */
export type Refusal = 'busy' | 'unwritable' | 'unknown' | 'fenced';

export function refusal(because: Refusal): Outcome {
  switch (because) {
    case 'busy':
      return problemOutcome(
        'database_busy',
        'Others were in the way in the database for as long as an order waits. Nothing was recorded.',
      );
    case 'unwritable':
      return problemOutcome('not_ready', 'The database takes no writes now. Nothing was recorded.');
    case 'unknown':
      return problemOutcome(
        'outcome_unknown',
        'The database did not answer. Ask for the order, or send the same request again.',
      );
    case 'fenced':
      return problemOutcome('shutting_down', 'This server no longer owns this work.');
  }
}
