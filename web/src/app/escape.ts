/**
 * Escape closes no dialog while something is over them all. Dialogs listen on the window before anything in the page can
 * stop the key: only who listened there earlier comes first, so that this is called before the page is made.
 */
export function keepEscapeFrom(isCovered: () => boolean): void {
  globalThis.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape' && isCovered()) event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
