import { DESKS, type EventEntry, EVENTS, type EventType, type Kind } from '@millrace/contract';
import { Compile, type Validator } from 'typebox/compile';

const VALIDATORS: ReadonlyMap<string, Validator> = new Map(
  Object.entries<EventEntry>(EVENTS).map(([type, { data }]) => [type, Compile(data)]),
);

/** What an event's data has that the catalogue does not say of its type, or the other way. */
export function faultsOf(type: EventType, data: object): string[] {
  const validator = VALIDATORS.get(type);
  if (!validator) return [`${type} is not in the catalogue`];
  const known = EVENTS[type].data.properties;
  const { kind, result } = data as { kind?: string; result?: object };
  return [
    ...(kind !== undefined && result ? undeclaredIn(kind, result) : []),
    ...validator.Errors(data).map(({ instancePath, message }) => `${instancePath}: ${message}`),
    ...Object.keys(data).flatMap((field) =>
      Object.hasOwn(known, field) ? [] : [`/${field}: is not in the catalogue`],
    ),
  ];
}

/** What an order's result has that its kind does not declare; of kinds of one desk only, where that is named. */
export function undeclaredIn(kind: string, result: object, desk?: string): string[] {
  const owner = DESKS.find(({ name, kinds }) => Object.hasOwn(kinds, kind) && (desk === undefined || name === desk));
  const declared = (owner?.kinds as Readonly<Record<string, Kind>> | undefined)?.[kind]?.result?.properties;
  if (!owner || !declared) return [];
  return Object.keys(result)
    .filter((field) => !Object.hasOwn(declared, field))
    .map(
      (field) =>
        `${owner.name}: an order ${kind} has \`${field}\` in its result: add it to \`result\` of the kind (contract/src/desks/${owner.name}/)`,
    );
}
