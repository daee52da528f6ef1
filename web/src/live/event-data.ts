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
