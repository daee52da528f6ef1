/** Id → what it is called, as far as it was told. */
export type Names = Readonly<Record<string, string>>;

/** A loan that is named in the fields of an order, with its purpose. */
export function loanIn(fields: object, names: Names | undefined): { id: string; purpose: string } | null {
  const id: unknown = (fields as Record<string, unknown>)['loan_id'];
  const purpose = typeof id === 'string' ? names?.[id] : undefined;
  return typeof id === 'string' && purpose !== undefined ? { id, purpose } : null;
}

/** Notes of a loan are called by the loan. */
export function assetLabel(asset: string, names: Names | undefined): string {
  return names?.[asset.replace(/^loan:/, 'loan_')] ?? asset;
}
