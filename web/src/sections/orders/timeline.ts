import type { OrderExplanationView, WireEventEnvelope, WireOrder } from '@millrace/contract';
import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconBuildingBank,
  IconCheck,
  IconCircleX,
  IconFlag,
  IconHourglass,
  IconLock,
} from '@tabler/icons-react';
import type { TimelineEntry } from '../../design/index.ts';
import { isReason, reasonWords } from '../../wording/index.ts';

type Entry = Pick<TimelineEntry, 'title' | 'detail' | 'icon' | 'tone'>;

interface StatusWords {
  title: string;
  icon: Icon;
  tone: NonNullable<TimelineEntry['tone']>;
}

const STATUS_WORDS: Readonly<Record<WireOrder['status'], StatusWords>> = {
  pending: { title: 'Accepted, and on its way', icon: IconHourglass, tone: 'wait' },
  open: { title: 'Open, waiting for its other side', icon: IconHourglass, tone: 'accent' },
  completed: { title: 'Completed', icon: IconCheck, tone: 'good' },
  rejected: { title: 'Rejected', icon: IconCircleX, tone: 'bad' },
  canceled: { title: 'Canceled', icon: IconBan, tone: 'calm' },
  failed: { title: 'Failed', icon: IconAlertTriangle, tone: 'bad' },
};

/** What happened in between; an event that is not here is named as it is. */
const EVENT_WORDS: Readonly<Record<string, Entry>> = {
  deposit_received: { title: 'The money came in', tone: 'good' },
  transfer_received: { title: 'The receiver has the money', tone: 'good' },
  withdrawal_requested: { title: 'The money was set aside', icon: IconLock, tone: 'accent' },
  withdrawal_sent: { title: 'Handed to the bank', icon: IconBuildingBank, tone: 'accent' },
  payment_processed: { title: 'Stage one: the money was reserved', icon: IconLock, tone: 'accent' },
  payment_paid: { title: 'Stage two: the merchant was paid', tone: 'accent' },
  payment_finalized: { title: 'Stage three: the payment is final', icon: IconFlag, tone: 'good' },
  dead_letter_added: { title: 'Set aside for an operator', icon: IconAlertTriangle, tone: 'bad' },
};

function wordsOf(event: WireEventEnvelope): Entry {
  const { type, data } = event;
  if (type === 'withdrawal_settled') return answered(event);
  if (type !== 'order_processed') return EVENT_WORDS[type] ?? { title: type.replaceAll('_', ' '), tone: 'calm' };
  const words = STATUS_WORDS[data['status'] as WireOrder['status']];
  const reason = data['reason'];
  return { ...words, ...(isReason(reason) ? { detail: reasonWords(reason).title } : {}) };
}

/** What the bank said is the station at which an order that goes outside ends. */
function answered({ data }: WireEventEnvelope): Entry {
  return data['approved'] === true
    ? { title: 'Settled: the bank paid it out', icon: IconBuildingBank, tone: 'good' }
    : { title: 'Answered: the bank did not pay it out', icon: IconBuildingBank, tone: 'bad' };
}

/** Where an order that goes outside has still to pass, in dashes. */
function stationsAhead({ kind }: WireOrder, events: readonly WireEventEnvelope[]): TimelineEntry[] {
  const isAnswered = events.some(({ type }) => type === 'withdrawal_settled');
  if (kind !== 'withdraw' || isAnswered) return [];
  return [{ key: 'answer', title: 'Settled, when the bank has answered', icon: IconBuildingBank, tone: 'calm' }];
}

/** The name of the live connections among those who are told. */
const PUSH = 'push';

/** What happened to an order, oldest first: placed, its events, and what it waits for. */
export function timelineOf({ order, events, told, waits_for }: OrderExplanationView): TimelineEntry[] {
  const happened = (events as WireEventEnvelope[]).map((event) => ({
    key: event.id,
    at: event.time,
    ...wordsOf(event),
  }));
  const push = told.find(({ consumer, at }) => consumer === PUSH && at !== null);
  if (push?.at) happened.push({ key: 'told', at: push.at, title: 'Told to those who were listening', tone: 'accent' });
  happened.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const placed: TimelineEntry = {
    key: 'placed',
    title: 'Placed',
    at: order.created_at,
    icon: IconFlag,
    tone: 'accent',
  };
  if (!waits_for) return [placed, ...happened];
  const waiting: TimelineEntry = { key: 'waiting', title: waits_for.what, icon: IconHourglass, tone: 'wait' };
  return [placed, ...happened, waiting, ...stationsAhead(order, events as WireEventEnvelope[])];
}
