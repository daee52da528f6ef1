import { Combobox, Kbd, Loader, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import type { SearchResultView } from '@millrace/contract';
import { type Icon, IconBook2, IconReceipt, IconSearch, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { wordsOf } from '../../../design/index.ts';
import { lookedFor, PASTED_LENGTH_MAX } from '../../../navigation/index.ts';
import { allThings } from '../../../things/index.ts';
import { searchQuery } from '../queries.ts';
import { pageOf } from '../words.ts';
import classes from './console-search.module.css';

/** Time to finish typing a word. */
const DELAY_MS = 200;
/** One letter finds half of everything. */
const LENGTH_MIN = 2;

const HINT = /mac|iphone|ipad/i.test(navigator.platform) ? '⌘ K' : 'Ctrl K';

interface FoundType {
  type: SearchResultView['type'];
  label: string;
  icon: Icon;
}

/** In the order in which they are shown. */
function foundTypes(): FoundType[] {
  return [
    { type: 'user', label: 'Users', icon: IconUser },
    { type: 'order', label: 'Orders', icon: IconReceipt },
    ...allThings().map(({ kind, plural, icon }) => ({ type: kind as FoundType['type'], label: plural, icon })),
    { type: 'account', label: 'Accounts', icon: IconBook2 },
  ];
}

/** Finds users, orders, accounts and the sections' things by id, and what has words by its words. Ctrl+K, or ⌘K, goes there. */
export function ConsoleSearch() {
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [settled] = useDebouncedValue(lookedFor(typed), DELAY_MS);
  const isAsking = settled.length >= LENGTH_MIN;
  const found = useQuery({ ...searchQuery(settled), enabled: isAsking });
  // No single character: who speaks to the computer, or slips, would end up here (WCAG 2.1.4).
  useHotkeys([['mod+K', () => input.current?.focus()]], []);
  const open = (id: string): void => {
    const to = pageOf(id);
    setTyped('');
    combobox.closeDropdown();
    input.current?.blur();
    if (to !== undefined) void navigate({ to });
  };
  return (
    <search aria-label="Console">
      <Combobox store={combobox} onOptionSubmit={open} withinPortal={false} shadow="md">
        <Combobox.Target withAriaAttributes>
          <TextInput
            ref={input}
            type="search"
            aria-label="Find a user, an order, a loan or an account"
            placeholder="Find by e-mail, name, purpose or id"
            maxLength={PASTED_LENGTH_MAX}
            leftSection={<IconSearch size={16} aria-hidden />}
            rightSection={found.isFetching ? <Loader size={16} aria-hidden /> : <Kbd aria-hidden>{HINT}</Kbd>}
            rightSectionWidth={64}
            aria-keyshortcuts="Control+K Meta+K"
            rightSectionPointerEvents="none"
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              combobox.openDropdown();
              combobox.resetSelectedOption();
            }}
            onFocus={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            onKeyDown={(event) => {
              // Enter opens the best match, without a way over the arrows.
              const first = found.data?.[0];
              if (
                event.key === 'Enter' &&
                combobox.getSelectedOptionIndex() === -1 &&
                first &&
                settled === typed.trim()
              )
                open(first.id);
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={!isAsking || typed.trim().length < LENGTH_MIN}>
          <Combobox.Options mah="60vh" className={classes['options'] ?? ''} aria-label="Found">
            {found.isError ? (
              <Combobox.Empty>{wordsOf(found.error)}</Combobox.Empty>
            ) : (
              <Found results={found.data} typed={settled} />
            )}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </search>
  );
}

function Found({ results, typed }: { results: readonly SearchResultView[] | undefined; typed: string }) {
  if (results === undefined) return <Combobox.Empty>Searching …</Combobox.Empty>;
  if (results.length === 0)
    return <Combobox.Empty>Nothing is called “{typed}”. Try a part of an e-mail address, or an id.</Combobox.Empty>;
  return (
    <>
      {foundTypes().map(({ type, label, icon: TypeIcon }) => {
        const own = results.filter((result) => result.type === type);
        if (own.length === 0) return null;
        return (
          <Combobox.Group key={type} label={label}>
            {own.map(({ id, title, subtitle }) => (
              <Combobox.Option key={id} value={id} className={classes['option'] ?? ''}>
                <TypeIcon size={18} aria-hidden className={classes['icon']} />
                <div className={classes['words']}>
                  <Text truncate>{title}</Text>
                  <Text size="xs" c="dimmed" truncate>
                    {subtitle}
                  </Text>
                </div>
              </Combobox.Option>
            ))}
          </Combobox.Group>
        );
      })}
    </>
  );
}
