import type { Scope } from '@millrace/contract';
import type { Role } from '../../session/index.ts';

interface ScopeChoice {
  scope: Scope;
  label: string;
  roles: readonly Role[];
}

const CHOICES: readonly ScopeChoice[] = [
  {
    scope: 'orders:read',
    label: 'Read orders, accounts and events',
    roles: ['investor', 'trader', 'operator', 'service'],
  },
  { scope: 'orders:write', label: 'Place and cancel orders', roles: ['investor', 'trader', 'operator', 'service'] },
  { scope: 'loans:write', label: 'Create loans', roles: ['operator'] },
  { scope: 'users:write', label: 'Register users and act for them', roles: ['service'] },
  { scope: 'operate', label: 'Operate: everybody’s data, dead letters, verification', roles: ['operator'] },
];

/** What a key of a user with this role can be allowed to do. */
export function scopesOf(role: Role): readonly ScopeChoice[] {
  return CHOICES.filter(({ roles }) => roles.includes(role));
}
