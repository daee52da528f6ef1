/**
 * What an address says behind the "?", as text and nothing else. The router would read JSON in it: a search of `662e41` became
 * the number 6.62e+43, one of `007` became 7, and `null` none. Of a name that occurs twice the first counts.
 */
export function searchOf(address: string): Record<string, string> {
  const first = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(address)) if (!first.has(name)) first.set(name, value);
  return Object.fromEntries(first);
}

/** The other way; what is empty, or no text or number, is left out. */
export function addressOf(search: Record<string, unknown>): string {
  const entries = Object.entries(search).flatMap(([name, value]) =>
    (typeof value === 'string' && value !== '') || typeof value === 'number' ? [[name, String(value)]] : [],
  );
  const text = new URLSearchParams(entries).toString();
  return text === '' ? '' : `?${text}`;
}
