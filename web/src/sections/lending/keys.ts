/** The keys of what is read of loans in the query cache: `loans()` means every list of loans. */
export const loanKeys = {
  loans: (filters?: object) => (filters === undefined ? (['loans'] as const) : (['loans', filters] as const)),
  loan: (id: string) => ['loan', id] as const,
  fundings: (loanId: string) => ['loan', loanId, 'fundings'] as const,
  /** What an investment would bring. */
  projection: (loanId: string, amount: string) => ['loan', loanId, 'projection', amount] as const,
} as const;
