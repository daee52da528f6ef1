import type { ChannelEntry, Registry } from '../desk.ts';
import { ENGINE_EVENTS } from './events.ts';
import { ENGINE_VOCABULARY } from './vocabulary.ts';

const ENGINE_CHANNELS = {
  me: {
    scope: 'orders:read',
    description: 'The caller’s own events, and nobody else’s.',
    carries: { visibility: 'owner' },
  },
  operators: {
    scope: 'operate',
    role: 'operator',
    description: 'Every event of the installation.',
    carries: 'everything',
  },
} as const satisfies Record<string, ChannelEntry>;

/** What belongs to no desk. Its operations are below `operations/`, since they tell of all kinds and events. */
export const engine = {
  name: 'engine',
  vocabulary: ENGINE_VOCABULARY,
  kinds: {},
  events: ENGINE_EVENTS,
  channels: ENGINE_CHANNELS,
} as const satisfies Registry;
