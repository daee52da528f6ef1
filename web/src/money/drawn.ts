import { formatMoney } from './format.ts';

/** What a chart knows of the bar that is pointed at. */
interface DrawnItem {
  /** "drawn.interest": the number that the bar was drawn from. */
  dataKey?: unknown;
  /** Of the row: besides what is drawn, the amounts themselves, by the same names. */
  payload?: unknown;
}

/** The amount of a bar, exactly, with the places that its asset has: the number that was drawn has lost them. */
export function drawnAmount({ dataKey, payload }: DrawnItem, asset: string): string {
  const name = String(dataKey).split('.').at(-1) ?? '';
  return formatMoney(String((payload as Readonly<Record<string, unknown>>)[name]), asset);
}
