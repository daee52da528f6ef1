import type { ApiKey } from '@millrace/contract';
import { useMutation } from '@tanstack/react-query';
import { Confirm, useFocusBack } from '../design/index.ts';

export interface RevokeKeyProps {
  apiKey: ApiKey;
  /** What it means, and that it cannot be undone. */
  warning: string;
  /** Revokes it, and reads the list again. */
  revoke: (id: string) => Promise<void>;
  onClose: () => void;
}

/** Asks before a key is revoked. */
export function RevokeKey({ apiKey, warning, revoke, onClose }: RevokeKeyProps) {
  useFocusBack();
  const revocation = useMutation({ mutationFn: () => revoke(apiKey.id), onSuccess: onClose });
  return (
    <Confirm
      opened
      title={`Revoke “${apiKey.name}”?`}
      action="Revoke key"
      danger
      busy={revocation.isPending}
      error={revocation.error}
      onConfirm={() => revocation.mutate()}
      onClose={onClose}
    >
      {warning}
    </Confirm>
  );
}
