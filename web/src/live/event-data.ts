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

/** An event with what the ids in it are called, where that was told: what comes live carries no names. */
export type NamedEvent = WireEventEnvelope & { names?: Readonly<Record<string, string>> };

/** What a field's id or handle is called; the field itself where that was not told. */
export function nameOf(event: NamedEvent, field: string): string {
  const text = textOf(event, field);
  return event.names?.[text.toLowerCase()] ?? text;
}
