import { useQuery } from '@tanstack/react-query';
import { keys } from '../live/keys.ts';
import { Link } from '../navigation/index.ts';
import { useSession } from '../session/index.ts';
import { type NamedThing, pageOf, thingOf } from './registry.ts';

/** A name may be one word that is longer than a phone is wide. */
const ANYWHERE = { overflowWrap: 'anywhere' } as const;

/** A thing by its name, with the way to it. A name that was not told is asked for: what comes live knows the id only. */
export function ThingLink({ id, name: told, onOpen }: NamedThing & { onOpen?: (() => void) | undefined }) {
  const thing = thingOf(id);
  const page = pageOf(id, useSession()?.role);
  const asked = useQuery({
    queryKey: keys.thingName(id),
    queryFn: () => thing?.nameOf(id) ?? null,
    staleTime: Infinity,
    enabled: told === undefined && thing !== undefined,
  });
  if (!thing) return <>{told ?? id}</>;
  const name = told ?? asked.data;
  const noun = thing.label.toLowerCase();
  if (name === null) return <>{`an unknown ${noun}`}</>;
  const words = name ?? `the ${noun}`;
  if (page === undefined) return <span title={id}>{words}</span>;
  return (
    <Link inherit underline="always" to={page} title={id} onClick={onOpen} style={ANYWHERE}>
      {words}
    </Link>
  );
}
