import type { NamedThing } from './registry.ts';
import { ThingLink } from './thing-link.tsx';

/** The thing that something is about, behind what it is; nothing where its name was not told. */
export function ThingName({ thing }: { thing: NamedThing | null | undefined }) {
  if (thing?.name === undefined) return null;
  return (
    <>
      {'· '}
      <ThingLink {...thing} />
    </>
  );
}
