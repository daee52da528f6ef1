import { useInstallation } from '../../live/index.ts';
import type { Currency } from './words.ts';

/** Before the installation is known: an asset nobody has, so that no wrong sign is shown. */
const UNKNOWN: Currency = { asset: '', scale: 0 };

/** The installation's currency: what an order without an asset is in. */
export function useCurrency(): Currency {
  return useInstallation().data?.currency ?? UNKNOWN;
}
