import { useEffect, useState } from 'react';

/**
 * For what holds a dialog that is there only while it is open: the focus goes back to where it was, or to the content where
 * that is gone. Dialogs that stay and are only closed do it by themselves.
 */
export function useFocusBack(): void {
  // Taken while the dialog is first drawn: afterwards it has the focus itself.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // The dialog is still there now, and the focus in it.
      setTimeout(() => {
        if (document.activeElement !== document.body && document.activeElement !== null) return;
        const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
        (isThere ? before : document.getElementById('content'))?.focus({ preventScroll: true });
      });
    },
    [before],
  );
}
