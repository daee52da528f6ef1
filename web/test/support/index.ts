export { type BrowserBench, describeInBrowser } from './browser.ts';
export {
  calm,
  expectAccessible,
  expectAmountsWhole,
  expectFitsTablets,
  expectNoHorizontalScroll,
  expectNoOverlap,
  expectPresentable,
  expectTouchable,
  inEveryWidth,
  screenshot,
  screenshots,
  settled,
} from './looks.ts';
export { type Examples, openLoan, operatorOf, personOf } from './objects.ts';
export { borrowerEmail, query, visit } from './operate.ts';
export { endSession, logIn, signUp } from './people.ts';
export { recordShifts, takeShifts } from './shifts.ts';
export type { Login, WebServer } from './web-server.ts';
