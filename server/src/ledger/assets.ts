import type pg from 'pg';
import type { Asset } from '../core/money.ts';
import { textArray } from '../db/arrays.ts';
import type { Statement } from '../db/transaction.ts';

/** Currencies come in from outside and go there; instruments are traded; a note stands for a claim, as the notes of a loan do. */
export type AssetClass = 'currency' | 'instrument' | 'note';

export interface ListedAsset extends Asset {
  readonly class: AssetClass;
}

/** The assets that orders can name: currencies and instruments. Notes are their desk's alone. */
export interface AssetBook {
  /** What amounts are in where an order does not say. */
  readonly currency: ListedAsset;
  get(code: string): ListedAsset | undefined;
}

type Read = <Row>(statement: Statement, parameters: readonly unknown[]) => Promise<Row[]>;

const SELECT_ASSETS = {
  name: 'ledger_select_assets',
  text: 'select code, scale, class from assets where code = any($1::text[])',
};

/**
 * Notes, of which there may be as many as loans, have a colon in their code, and nothing else has: they are told by it, without being
 * looked up. No order moves them.
 */
export const isNote = (code: string): boolean => code.includes(':');

/**
 * The book of one process. An asset never changes and never goes, but others may add some at any time: one that the book does not
 * know yet is looked up whenever a batch names it: that it is not there is never remembered.
 */
export class GrowingAssetBook implements AssetBook {
  readonly currency: ListedAsset;
  private readonly known: Map<string, ListedAsset>;

  constructor(currency: Asset, assets: readonly ListedAsset[]) {
    this.currency = { ...currency, class: 'currency' };
    this.known = new Map([this.currency, ...assets].map((asset) => [asset.code, asset]));
  }

  get(code: string): ListedAsset | undefined {
    return this.known.get(code);
  }

  /** Those of the codes that it does not know. Nearly always there are none. */
  unknown(codes: Iterable<string>): string[] {
    const unknown = new Set<string>();
    for (const code of codes) if (!this.known.has(code) && !isNote(code)) unknown.add(code);
    return [...unknown];
  }

  async learn(select: Read, codes: readonly string[]): Promise<void> {
    for (const asset of await select<ListedAsset>(SELECT_ASSETS, [textArray(codes)])) this.known.set(asset.code, asset);
  }
}

/** The configured currency does not fit the one that the books are kept in. */
class CurrencyMismatch extends Error {
  readonly code = 'config_invalid';
}

/**
 * Reads the assets that can be named in orders, after adding the installation's own currency where it is missing.
 *
 * @throws CurrencyMismatch where the books have it at another scale, or as something else.
 */
export async function loadAssets(pool: pg.Pool, currency: Asset): Promise<GrowingAssetBook> {
  await pool.query(
    "insert into assets (code, scale, name, class) values ($1, $2, $1, 'currency') on conflict do nothing",
    [currency.code, currency.scale],
  );
  const { rows } = await pool.query<ListedAsset>("select code, scale, class from assets where code not like '%:%'");
  const stored = rows.find(({ code }) => code === currency.code) as ListedAsset;
  if (stored.class !== 'currency')
    throw new CurrencyMismatch(
      `${currency.code} is no currency in this database, but an asset of the class ${stored.class}`,
    );
  if (stored.scale !== currency.scale) {
    throw new CurrencyMismatch(
      `${currency.code} has ${stored.scale} decimal places in this database, and ${currency.scale} in the configuration: start it with --currency-scale ${stored.scale}`,
    );
  }
  return new GrowingAssetBook(stored, rows);
}
