import type { UserEntryView } from '@millrace/contract';
import { IconBan, IconCheck } from '@tabler/icons-react';
import { Tag } from '../../../design/index.ts';

export const ROLES = ['investor', 'trader', 'operator', 'service'] as const satisfies readonly UserEntryView['role'][];

/** Whether a user may log in. */
export function AccessTag({ disabledAt }: { disabledAt: string | null }) {
  return disabledAt === null ? (
    <Tag tone="good" icon={IconCheck} label="Enabled" />
  ) : (
    <Tag tone="bad" icon={IconBan} label="Disabled" />
  );
}
