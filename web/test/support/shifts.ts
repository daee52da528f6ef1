import type { Page } from 'playwright-core';

interface Shift {
  value: number;
  /** What moved, as its markup begins. */
  moved: string[];
}

/** What jumped without anybody having touched the page: how far in all, as browsers count it, and what it was. */
export interface Shifts {
  sum: number;
  moved: string[];
}

/** From the next document on, of this page: what jumps is written down, from its first moment. */
export async function recordShifts(page: Page): Promise<void> {
  await page.addInitScript(startRecording);
}

/** What has jumped since the page was loaded, or since this was asked the last time. */
export async function takeShifts(page: Page): Promise<Shifts> {
  const shifts = await page.evaluate(async () => {
    // What is about to be painted counts.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    return (globalThis as unknown as { takeShifts(): Shift[] }).takeShifts();
  });
  return { sum: shifts.reduce((total, { value }) => total + value, 0), moved: shifts.flatMap(({ moved }) => moved) };
}

/** Runs in the page. */
function startRecording(): void {
  type Entry = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] };
  const SOURCE_CHARACTERS_MAX = 120;
  let shifts: Shift[] = [];
  const add = (entries: PerformanceEntryList): void => {
    for (const { value, hadRecentInput, sources } of entries as Entry[]) {
      if (hadRecentInput) continue;
      const moved = sources.map(({ node }) =>
        (node instanceof Element ? node.outerHTML : String(node?.textContent)).slice(0, SOURCE_CHARACTERS_MAX),
      );
      shifts.push({ value, moved });
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: 'layout-shift', buffered: true });
  Object.assign(globalThis, {
    takeShifts() {
      add(observer.takeRecords());
      const taken = shifts;
      shifts = [];
      return taken;
    },
  });
}
