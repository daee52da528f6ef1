import type {
  EventType,
  EventWords,
  OrderEntry,
  OrderExplanationView,
  WireEventEnvelope,
  WireOrder,
} from '@millrace/contract';
import { EVENT_WORDS, ORDERS } from '@millrace/contract/vocabulary';
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
import { isOrderKind, isReason, reasonWords } from '../../wording/index.ts';

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

/** Stations that have a picture of their own. */
const ICONS: Readonly<{ [Type in EventType]?: Icon }> = {
  withdrawal_requested: IconLock,
  withdrawal_sent: IconBuildingBank,
  payment_processed: IconLock,
  payment_finalized: IconFlag,
  dead_letter_added: IconAlertTriangle,
};

const WORDS: Readonly<Record<string, EventWords>> = EVENT_WORDS;

/** An event that is newer than this page is named as it is. */
function stationOf(type: string): Entry {
  if (!Object.hasOwn(WORDS, type)) return { title: type.replaceAll('_', ' '), tone: 'calm' };
  const icon = ICONS[type as EventType];
  return { ...(WORDS[type] as EventWords), ...(icon && { icon }) };
}

function wordsOf(event: WireEventEnvelope): Entry {
  const { type, data } = event;
  if (type === 'withdrawal_settled') return answered(event);
  if (type !== 'order_processed') return stationOf(type);
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

/** Where an order has still to pass, in dashes. */
function stationsAhead({ kind }: WireOrder, events: readonly WireEventEnvelope[]): TimelineEntry[] {
  const ahead: OrderEntry['ahead'] = isOrderKind(kind) ? (ORDERS[kind] as OrderEntry).ahead : [];
  return (ahead ?? []).flatMap(({ event, title }) => {
    if (events.some(({ type }) => type === event)) return [];
    return [{ key: event, title, icon: IconBuildingBank, tone: 'calm' as const }];
  });
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
