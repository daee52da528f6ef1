type KeyOf<Part> = Part extends unknown ? keyof Part & string : never;
type At<Part, Key extends string> = Part extends { readonly [Name in Key]: infer Value } ? Value : never;

/** What parts have under a name, where they have it. */
export type PartOf<Part, Name extends string> = Part extends { readonly [Key in Name]: infer Value extends object }
  ? Value
  : never;

/** One record of several, each name with its own type. */
export type Merged<Part> = { readonly [Key in KeyOf<Part>]: At<Part, Key> };

/**
 * What all desks say of one thing, in one record. `what` is the part of a desk that says it, and each has its desk's name.
 *
 * @throws where two desks have the same name: it would mean two things.
 */
export function merged<Part extends object>(
  what: string,
  parts: readonly (readonly [desk: string, part: Part])[],
): Merged<Part> {
  const all: Record<string, unknown> = {};
  const owners = new Map<string, string>();
  for (const [desk, part] of parts)
    for (const [name, value] of Object.entries(part)) {
      const owner = owners.get(name);
      if (owner !== undefined)
        throw new Error(
          `${owner} and ${desk} both have “${name}” in \`${what}\`: rename one of them (contract/src/desks/${owner}/, contract/src/desks/${desk}/)`,
        );
      owners.set(name, desk);
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
