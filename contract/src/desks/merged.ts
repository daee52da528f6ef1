type KeyOf<Part> = Part extends unknown ? keyof Part & string : never;
type At<Part, Key extends string> = Part extends { readonly [Name in Key]: infer Value } ? Value : never;

/** One record of several, each name with its own type. */
export type Merged<Part> = { readonly [Key in KeyOf<Part>]: At<Part, Key> };

/**
 * What all desks say of one thing, in one record.
 *
 * @throws where two desks have the same name: it would mean two things.
 */
export function merged<Part extends object>(parts: readonly Part[]): Merged<Part> {
  const all: Record<string, unknown> = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    if (Object.hasOwn(all, name)) throw new Error(`two desks have something of the name ${name}`);
    all[name] = value;
  }
  return all as Merged<Part>;
}

/** One text of each entry. */
export function each<Name extends string, Property extends string>(
  entries: { readonly [Key in Name]: { readonly [Text in Property]: string } },
  property: Property,
): Readonly<Record<Name, string>> {
  const all = Object.entries<{ readonly [Text in Property]: string }>(entries);
  return Object.fromEntries(all.map(([name, entry]) => [name, entry[property]])) as Record<Name, string>;
}
