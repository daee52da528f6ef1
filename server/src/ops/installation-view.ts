import type { WireInstallation, WireInstallationTotals } from '@millrace/contract';
import type { Asset } from '../core/money.ts';
import { VERSION } from '../version.ts';
import type { DemoAccess } from './runtime-file.ts';

export interface InstallationViewOptions {
  currency: Asset;
  /** What a new user is granted, as a decimal; null: nothing. */
  startingBalance: string | null;
  /** The logins that the banner shows; null outside a demo installation. Asked for each time. */
  demo: () => DemoAccess | null;
  totals: () => Promise<WireInstallationTotals>;
}

/** What everybody may know of the installation. Of a demo's access the logins, and not the service's key. */
export function createInstallationView(options: InstallationViewOptions): () => Promise<WireInstallation> {
  const { currency, startingBalance, demo, totals } = options;
  return async () => {
    const access = demo();
    return {
      name: 'Millrace',
      version: VERSION,
      currency: { asset: currency.code, scale: currency.scale },
      demo: access && { users: access.users },
      starting_balance: startingBalance === null ? null : { asset: currency.code, amount: startingBalance },
      roles_open: ['investor'],
      totals: await totals(),
    };
  };
}
