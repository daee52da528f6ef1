import { type EventEntry, EVENTS, type EventType } from '@millrace/contract';
import { Compile, type Validator } from 'typebox/compile';

const VALIDATORS: ReadonlyMap<string, Validator> = new Map(
  Object.entries<EventEntry>(EVENTS).map(([type, { data }]) => [type, Compile(data)]),
);

/** What an event's data has that the catalogue does not say of its type, or the other way. */
export function faultsOf(type: EventType, data: object): string[] {
  const validator = VALIDATORS.get(type);
  if (!validator) return [`${type} is not in the catalogue`];
  const known = EVENTS[type].data.properties;
  return [
    ...validator.Errors(data).map(({ instancePath, message }) => `${instancePath}: ${message}`),
    ...Object.keys(data).flatMap((field) =>
      Object.hasOwn(known, field) ? [] : [`/${field}: is not in the catalogue`],
    ),
  ];
}
