import { expect, test } from 'vitest';
import { sections } from './index.ts';

const pages = sections.flatMap((section) => section.pages.map((page) => ({ ...page, section })));
const isOfObject = (path: string): boolean => path.includes('$');
/** Those who are logged in have a navigation. */
const WITH_NAVIGATION = pages.filter(({ path, audience, hidden }) => {
  return !isOfObject(path) && typeof audience !== 'string' && !hidden;
});

test.each(WITH_NAVIGATION)('$path stands in the navigation of those who see it, or says that it is hidden', (page) => {
  const entry = page.section.navigation.find(({ to }) => to === page.path);
  expect(entry, `the navigation of the section “${page.section.id}” has no entry of ${page.path}`).toBeDefined();
});

test('what stands in the navigation leads to a page that its people see', () => {
  for (const { to, roles } of sections.flatMap(({ navigation }) => navigation)) {
    const page = pages.find(({ path }) => path === to);
    const unseen = roles.filter((role) => typeof page?.audience === 'string' || !page?.audience.includes(role));
    expect(unseen, `${to} is not for them`).toEqual([]);
  }
});

test('no two pages have one address, and no two sections one name', () => {
  for (const names of [pages.map(({ path }) => path.replaceAll(/\$\w+/g, '$')), sections.map(({ id }) => id)])
    expect(new Set(names).size).toBe(names.length);
});

test.each(pages.filter(({ path }) => isOfObject(path)))(
  '$path says which ids lead there',
  ({ path, shows, section }) => {
    expect(shows, `the page ${path} of the section “${section.id}” does not say what it shows`).toBeDefined();
    expect(path.split('$')).toHaveLength(2);
  },
);
