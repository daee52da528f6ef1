export { type BrowserBench, describeInBrowser } from './browser.ts';
export { expectAccessible, expectNoHorizontalScroll, expectPresentable, inEveryLook, screenshots } from './looks.ts';
export { endSession, logIn, signUp } from './people.ts';
export type { Login, WebServer } from './web-server.ts';
