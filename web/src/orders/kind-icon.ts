import type { OrderKindName } from '@millrace/contract';
import { type Icon, IconFileText, IconQuestionMark } from '@tabler/icons-react';
import { isOrderKind } from '../wording/index.ts';

/** Pictures of kinds, as sections say; kinds that have none share one. */
export type KindIcons = Readonly<{ [Kind in OrderKindName]?: Icon }>;

const known = new Map<string, Icon>();

/** Called by the shell, with what its sections say. */
export function knowKindIcons(icons: KindIcons): void {
  for (const [kind, icon] of Object.entries(icons)) known.set(kind, icon);
}

export function kindIcon(kind: string): Icon {
  return known.get(kind) ?? (isOrderKind(kind) ? IconFileText : IconQuestionMark);
}
