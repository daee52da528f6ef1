import { useEffect, useState } from 'react';

/** A connection that comes back within this was never missed. */
const PATIENCE_MS = 1_000;

/** Whether it has been so for a while: what passes at once is not worth a word. */
export function useLasting(isSo: boolean): boolean {
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    if (!isSo) return undefined;
    const timer = setTimeout(() => setLasting(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [isSo]);
  return isLasting;
}
