export type Role = 'investor' | 'trader' | 'operator' | 'service';

export const EVERYBODY = ['investor', 'trader', 'operator', 'service'] as const satisfies readonly Role[];

/** What a key may be allowed to do. A session has every scope that its user's role allows. */
export const SCOPES = {
  'orders:read': 'read own orders, accounts and events',
  'orders:write': 'place and cancel orders',
  'loans:write': 'create loans (operators)',
  'users:write': 'register users and act for them (services)',
  operate: 'dead letters, all events, verification (operators)',
} as const;
export type Scope = keyof typeof SCOPES;
