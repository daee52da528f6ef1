import { Button, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';

/** For lists of everybody's: no channel brings them, since on a busy day nobody could read them at that speed. */
export function RefreshButton({ busy, onClick }: { busy: boolean; onClick: () => void }) {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={busy}
      onClick={onClick}
    >
      Refresh
    </Button>
  );
}

export interface TextFilterProps {
  label: string;
  placeholder: string;
  /** What the address says. */
  value: string | undefined;
  /** Why the address's value is none. */
  error?: string | undefined;
  apply: (text: string | undefined) => void;
}

const LENGTH_MAX = 64;

/** A filter that is typed whole, since half of it names nothing: it is applied by Enter, or when one leaves the field. */
export function TextFilter({ label, placeholder, value, error, apply }: TextFilterProps) {
  const [typed, setTyped] = useState(value ?? '');
  const [applied, setApplied] = useState(value);
  // The address was changed from elsewhere: by a button that clears the filters, or by a link.
  if (value !== applied) {
    setApplied(value);
    setTyped(value ?? '');
  }
  const send = (): void => {
    const text = typed.trim();
    if (text !== (value ?? '')) apply(text === '' ? undefined : text);
  };
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      maxLength={LENGTH_MAX}
      value={typed}
      error={typed.trim() === (value ?? '') ? error : undefined}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={send}
      onKeyDown={(event) => {
        if (event.key === 'Enter') send();
      }}
    />
  );
}
