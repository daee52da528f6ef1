import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** In a browser one small file may walk through every page. */
const IN_A_BROWSER = /\/web\/test\//;

/**
 * Where no run is remembered, large files come first, as they mostly take longest; tests in a browser come before them, since what
 * begins last and takes minutes would keep one processor busy and the other idle.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const inBrowser = (file: TestSpecification): number => (IN_A_BROWSER.test(file.moduleId) ? 0 : 1);
    return sorted.toSorted((one, other) => inBrowser(one) - inBrowser(other));
  }
}
