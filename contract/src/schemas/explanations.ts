import Type from 'typebox';
import { AccountId, AssetCode, DeadLetterId, Decimal, Side, Time } from './common.ts';
import { EventEnvelope } from './events.ts';
import { Order } from './order.ts';

const strict = { additionalProperties: false } as const;

/** What an explanation lists at most of postings, and of events. */
export const EXPLANATION_ENTRIES_MAX = 1000;

const OrderPosting = Type.Object(
  {
    id: Type.String({ pattern: '^trf_[0-9]+-[0-9]+$' }),
    at: Time,
    debit: Side,
    credit: Side,
    amount: Decimal,
    reason: Type.String(),
  },
  strict,
);

const OrderHold = Type.Object(
  {
    account: AccountId,
    asset: AssetCode,
    amount: Decimal,
    captured: Decimal,
    released: Decimal,
    state: Type.Enum(['held', 'captured', 'released', 'settled'], {
      description: 'settled: a part was captured, and the rest released.',
    }),
    updated_at: Time,
  },
  strict,
);

const TracedEvent = Type.Object(
  {
    ...EventEnvelope.properties,
    cursor: Type.String({ description: '`<shard>-<sequence>`: where a reader of this shard stands after the event.' }),
  },
  strict,
);

const Told = Type.Object(
  {
    consumer: Type.String({ description: '`index`, `errands`, … and `push` (live connections of this process).' }),
    state: Type.Enum(['told', 'behind', 'nobody', 'unknown'], {
      description:
        'behind: has not come this far yet. nobody: nobody was listening. unknown: it is no longer recorded.',
    }),
    at: Type.Union([Time, Type.Null()], {
      description: 'When, at the latest; null where that is not kept, or has not happened.',
    }),
    detail: Type.String(),
  },
  strict,
);

const Waiting = Type.Object(
  {
    what: Type.String(),
    since: Time,
    until: Type.Union([Time, Type.Null()], { description: 'After that the order ends by itself; null: no deadline.' }),
  },
  strict,
);

const Retries = Type.Object(
  {
    attempts: Type.Integer(),
    last_error: Type.Union([Type.String(), Type.Null()], { description: 'Shown to operators; null to others.' }),
    next_at: Type.Union([Time, Type.Null()]),
  },
  { ...strict, description: 'What Millrace tries on the order’s behalf and has not finished.' },
);

const SetAside = Type.Object(
  {
    id: DeadLetterId,
    error: Type.Union([Type.String(), Type.Null()], { description: 'Shown to operators; null to others.' }),
    created_at: Time,
    retried_at: Type.Union([Time, Type.Null()]),
  },
  strict,
);

export const OrderExplanation = Type.Object(
  {
    order: Order,
    summary: Type.String({ description: 'What became of the order, in plain words.' }),
    waits_for: Type.Union([Waiting, Type.Null()]),
    postings: Type.Array(OrderPosting, { maxItems: EXPLANATION_ENTRIES_MAX }),
    more_postings: Type.Boolean({ description: 'Whether there are more than are listed.' }),
    holds: Type.Array(OrderHold),
    events: Type.Array(TracedEvent, { maxItems: EXPLANATION_ENTRIES_MAX }),
    told: Type.Array(Told),
    retries: Type.Union([Retries, Type.Null()]),
    dead_letter: Type.Union([SetAside, Type.Null()]),
    idempotency: Type.Object(
      {
        id_chosen_by_client: Type.Boolean(),
        key_used: Type.Union([Type.Boolean(), Type.Null()], {
          description:
            'Whether an `Idempotency-Key` came with it; null where the user has too many keys to look through.',
        }),
      },
      strict,
    ),
  },
  {
    ...strict,
    description:
      'Why an order is as it is. Its owner sees their own side of each posting, and only the purpose of the other side.',
  },
);

export type OrderExplanationView = Type.Static<typeof OrderExplanation>;
