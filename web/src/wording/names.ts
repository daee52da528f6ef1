/** Id → what it is called, as far as it was told. */
export type Names = Readonly<Record<string, string>>;

/** An asset of one thing's own, such as the notes of a loan, is called by the thing: its code is the thing's prefix and UUID. */
export function assetLabel(asset: string, names: Names | undefined): string {
  return names?.[asset.replace(':', '_')] ?? asset;
}
