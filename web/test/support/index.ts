export { type BrowserBench, describeInBrowser } from './browser.ts';
export {
  expectAccessible,
  expectNoHorizontalScroll,
  expectPresentable,
  inEveryLook,
  screenshots,
  settled,
} from './looks.ts';
export { openLoan, operatorOf, personOf } from './objects.ts';
export { endSession, logIn, signUp } from './people.ts';
export type { Login, WebServer } from './web-server.ts';
