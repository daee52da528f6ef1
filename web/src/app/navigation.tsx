import { Stack } from '@mantine/core';
import { Link } from '../navigation/index.ts';
import { sections } from '../sections/index.ts';
import type { NavigationEntry } from '../sections/section.ts';
import type { Role } from '../session/index.ts';
import classes from './shell.module.css';

const entries: readonly NavigationEntry[] = sections.flatMap(({ navigation }) => navigation);

/** An address that is also the beginning of another entry's is active only where it is the whole. */
function isPrefix(to: string): boolean {
  return entries.some((other) => other.to.startsWith(`${to}/`));
}

export function Navigation({ role, label }: { role: Role; label: string }) {
  const own = entries.filter(({ roles }) => roles.includes(role));
  return (
    <nav aria-label={label}>
      <Stack gap={2}>
        {own.map(({ to, label: text, icon: EntryIcon }) => (
          <Link
            key={to}
            to={to}
            className={classes['entry']}
            underline="never"
            activeOptions={{ exact: isPrefix(to), includeSearch: false }}
          >
            <EntryIcon size={18} stroke={1.8} aria-hidden />
            {text}
          </Link>
        ))}
      </Stack>
    </nav>
  );
}
