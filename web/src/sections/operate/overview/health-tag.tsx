import { type Icon, IconAlertTriangle, IconCheck, IconClockPause } from '@tabler/icons-react';
import { Tag, type Tone } from '../../../design/index.ts';
import type { HealthState } from './health.ts';

const LOOKS: Readonly<Record<HealthState, { tone: Tone; icon: Icon; label: string }>> = {
  healthy: { tone: 'good', icon: IconCheck, label: 'Healthy' },
  behind: { tone: 'wait', icon: IconClockPause, label: 'Behind' },
  failing: { tone: 'bad', icon: IconAlertTriangle, label: 'Failing' },
};

/** A state as icon and word. */
export function HealthTag({ state }: { state: HealthState }) {
  return <Tag {...LOOKS[state]} />;
}
