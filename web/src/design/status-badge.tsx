import {
  type Icon,
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconCalendar,
  IconCheck,
  IconCircleX,
  IconClock,
  IconCoins,
  IconDoor,
  IconHourglass,
  IconQuestionMark,
} from '@tabler/icons-react';
import classes from './status-badge.module.css';

export type Tone = 'good' | 'bad' | 'wait' | 'calm' | 'accent';

interface Look {
  label: string;
  tone: Tone;
  icon: Icon;
}

/** Statuses of orders, loans and instalments: no word means two things. */
const LOOKS: Readonly<Record<string, Look>> = {
  pending: { label: 'Pending', tone: 'wait', icon: IconHourglass },
  open: { label: 'Open', tone: 'accent', icon: IconDoor },
  completed: { label: 'Completed', tone: 'good', icon: IconCheck },
  rejected: { label: 'Rejected', tone: 'bad', icon: IconCircleX },
  canceled: { label: 'Canceled', tone: 'calm', icon: IconBan },
  failed: { label: 'Failed', tone: 'bad', icon: IconAlertTriangle },
  repaying: { label: 'Repaying', tone: 'good', icon: IconCoins },
  late: { label: 'Late', tone: 'wait', icon: IconClock },
  repaid: { label: 'Repaid', tone: 'good', icon: IconCheck },
  defaulted: { label: 'Defaulted', tone: 'bad', icon: IconAlertTriangle },
  expired: { label: 'Expired', tone: 'calm', icon: IconArrowBackUp },
  closed: { label: 'Closed', tone: 'calm', icon: IconArrowBackUp },
  scheduled: { label: 'Scheduled', tone: 'calm', icon: IconCalendar },
  paid: { label: 'Paid', tone: 'good', icon: IconCheck },
};

export interface StatusBadgeProps {
  /** As the wire has it: `completed`, `repaying`, … A word that is unknown here is shown as it is. */
  status: string;
  /** Another word for it, where the page has a better one. */
  label?: string;
}

/** A status as icon and word; colour only says it again. */
export function StatusBadge({ status, label }: StatusBadgeProps) {
  const look = LOOKS[status] ?? { label: status, tone: 'calm' as const, icon: IconQuestionMark };
  return <Tag tone={look.tone} icon={look.icon} label={label ?? look.label} />;
}

/** A short word with an icon, in a tone: for what is no status. */
export function Tag({ tone, icon: TagIcon, label }: { tone: Tone; icon?: Icon; label: string }) {
  return (
    <span className={`${classes['badge']} ${classes[tone]}`}>
      {TagIcon && <TagIcon size={14} stroke={2} aria-hidden />}
      {label}
    </span>
  );
}
