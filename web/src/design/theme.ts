import {
  Anchor,
  Badge,
  Card,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Skeleton,
  Tooltip,
} from '@mantine/core';

/** Mill water: the one accent. Shade 7 carries white text, shade 3 is text on dark. */
const mill: MantineColorsTuple = [
  '#e6f6f6',
  '#cdecec',
  '#9fdadb',
  '#6dc6c8',
  '#45b3b6',
  '#2a9fa3',
  '#178a8f',
  '#0e7478',
  '#0a6165',
  '#064a4d',
];

/** Slate. Shade 6, for what is said by the way, is 5.6 : 1 on white and above 5 : 1 on shade 1. */
const gray: MantineColorsTuple = [
  '#f8fafb',
  '#f1f4f6',
  '#e4e9ed',
  '#d0d8de',
  '#b1bcc5',
  '#7d8a95',
  '#5a6772',
  '#4b5863',
  '#323d47',
  '#1c242b',
];

const dark: MantineColorsTuple = [
  '#e8edf0',
  '#c3cdd3',
  '#9fadb6',
  '#72808b',
  '#3b4852',
  '#2b363f',
  '#1b242b',
  '#12181d',
  '#0d1216',
  '#080b0e',
];

const systemFont = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export const theme = createTheme({
  black: '#161d22',
  colors: { mill, gray, dark },
  primaryColor: 'mill',
  // The same in both schemes: white on it is 5.6 : 1, and it is 3.2 : 1 on the dark page.
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  fontFamily: systemFont,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '1rem', lg: '1.25rem', xl: '1.75rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.55', lg: '1.4', xl: '1.25' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '40px' },
  headings: {
    fontFamily: systemFont,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.25' },
      h2: { fontSize: '1.25rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.45' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
    Card: Card.extend({ defaultProps: { withBorder: true, padding: 'lg', radius: 'md' } }),
    Badge: Badge.extend({ defaultProps: { tt: 'none', fw: 600 } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'sm' } }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } }),
  },
});

/** Colours with a meaning, by scheme. Each passes AA on its background and on the page. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-error': '#b3261e',
    // Where something can be typed or pressed is seen: 3 : 1 against its surroundings.
    '--mr-field': gray[5],
    '--mr-page': gray[0],
    '--mr-surface': '#ffffff',
    '--mr-line': gray[3],
    '--mr-good': '#0b6b3e',
    '--mr-good-surface': '#e3f5ea',
    '--mr-bad': '#b3261e',
    '--mr-bad-surface': '#fdeceb',
    '--mr-wait': '#7a4b00',
    '--mr-wait-surface': '#fdf2dc',
    '--mr-calm': gray[7],
    '--mr-calm-surface': gray[1],
    '--mr-accent': mill[7],
    '--mr-accent-surface': mill[0],
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': dark[2],
    '--mantine-color-error': '#ff9c92',
    '--mr-field': dark[3],
    '--mr-page': dark[7],
    '--mr-surface': dark[6],
    '--mr-line': dark[4],
    '--mr-good': '#6fdca4',
    '--mr-good-surface': '#12382a',
    '--mr-bad': '#ffa69d',
    '--mr-bad-surface': '#43201f',
    '--mr-wait': '#f2c46d',
    '--mr-wait-surface': '#3a2d12',
    '--mr-calm': dark[1],
    '--mr-calm-surface': dark[5],
    '--mr-accent': mill[3],
    '--mr-accent-surface': '#0f3437',
  },
});
