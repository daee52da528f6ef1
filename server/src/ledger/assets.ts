import type pg from 'pg';
import type { Asset } from '../core/money.ts';

/** The currencies of an installation. A loan's notes are assets too, but only their desk uses them. */
export interface AssetBook {
  /** What amounts are in where an order does not say. */
  readonly currency: Asset;
  get(code: string): Asset | undefined;
}

/** The configured currency does not fit the one that the books are kept in. */
class CurrencyMismatch extends Error {
  readonly code = 'config_invalid';
}

/**
 * Reads the assets that can be named in orders, after adding the installation's own currency where it is missing.
 *
 * @throws CurrencyMismatch where the books have it at another scale.
 */
export async function loadAssets(pool: pg.Pool, currency: Asset): Promise<AssetBook> {
  await pool.query('insert into assets (code, scale, name) values ($1, $2, $1) on conflict do nothing', [
    currency.code,
    currency.scale,
  ]);
  const { rows } = await pool.query<Asset>("select code, scale from assets where code not like '%:%'");
  const book = new Map(rows.map((row) => [row.code, { code: row.code, scale: row.scale }]));
  const stored = book.get(currency.code) as Asset;
  if (stored.scale !== currency.scale) {
    throw new CurrencyMismatch(
      `${currency.code} has ${stored.scale} decimal places in this database, and ${currency.scale} in the configuration: start it with --currency-scale ${stored.scale}`,
    );
  }
  return { currency: stored, get: (code) => book.get(code) };
}
