import { type RefObject, useEffect, useRef, useState } from 'react';

/** Whether what is in a box is wider than it: then it scrolls, and has to be reached by the keyboard too. */
export function useScrolls<Box extends HTMLElement>(): [RefObject<Box | null>, boolean] {
  const box = useRef<Box>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const { current } = box;
    if (!current) return undefined;
    const observer = new ResizeObserver(() => setScrolls(current.scrollWidth > current.clientWidth));
    // The box where the window changes, what is in it where its rows do.
    for (const element of [current, ...current.children]) observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, scrolls];
}
