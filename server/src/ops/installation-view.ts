import type { WireInstallation, WireInstallationTotals } from '@millrace/contract';
import type { Asset } from '../core/money.ts';
import type { DeskSettings } from '../desks/module.ts';
import { VERSION } from '../version.ts';
import type { DemoAccess } from './runtime-file.ts';

export interface InstallationViewOptions {
  currency: Asset;
  /** What a new user is granted, as a decimal; null: nothing. */
  startingBalance: string | null;
  /** What brings money in and out; null: nothing does. */
  gateway: string | null;
  /** The logins that the banner shows; null outside a demo installation. Asked for each time. */
  demo: () => DemoAccess | null;
  /** What the desks say of their settings. */
  desks: DeskSettings;
  totals: () => Promise<WireInstallationTotals>;
}

export type ReadInstallation = (options: { fromThisMachine: boolean }) => Promise<WireInstallation>;

/**
 * What everybody may know of the installation. Of a demo's access the logins, and not the service's key; the operator's
 * only on the machine itself, since with it a stranger could disable everybody else.
 */
export function createInstallationView(options: InstallationViewOptions): ReadInstallation {
  const { currency, startingBalance, gateway, demo, desks, totals } = options;
  return async ({ fromThisMachine }) => {
    const access = demo();
    const users = access?.users.filter(({ role }) => fromThisMachine || role !== 'operator');
    return {
      name: 'Millrace',
      version: VERSION,
      currency: { asset: currency.code, scale: currency.scale },
      demo: users === undefined ? null : { users },
      starting_balance: startingBalance === null ? null : { asset: currency.code, amount: startingBalance },
      ...desks,
      gateway,
      roles_open: ['investor'],
      totals: await totals(),
    };
  };
}
