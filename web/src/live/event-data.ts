import type { WireEventEnvelope } from '@millrace/contract';

/** A field of an event, as text; '' where there is none. */
export function textOf({ data }: WireEventEnvelope, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A field of an event, as a number; 0 where there is none. */
export function numberOf({ data }: WireEventEnvelope, name: string): number {
  const value = data[name];
  return typeof value === 'number' ? value : 0;
}

/** What a field's id or handle is called; the field itself where that was not told: events that come live carry no names. */
export function nameOf(event: WireEventEnvelope & { names?: Readonly<Record<string, string>> }, field: string): string {
  const text = textOf(event, field);
  return event.names?.[text.toLowerCase()] ?? text;
}
