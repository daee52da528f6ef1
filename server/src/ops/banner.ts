import type { FirstOperator } from './operator-access.ts';
import type { DemoAccess } from './runtime-file.ts';

export interface BannerOptions {
  version: string;
  /** Base URL, without a slash at the end. */
  http: string;
  /** Whether the web application is served. */
  app: boolean;
  /** `host:port`; null where that edge is not served. */
  grpc: string | null;
  dataFolder: string;
  /** As in `PostgreSQL 18.4 (embedded)`. */
  database: string;
  /** null: no demo installation. */
  demo: DemoAccess | null;
  /** Whom the installation waits for; null: there is an operator. */
  firstOperator: FirstOperator | null;
  /** What it listens on, where that is more than this machine; null: this machine only. */
  openTo: string | null;
  /** Why what is due waits; null: it does not. */
  clockFault: string | null;
  /** From the start of the process until it was ready. */
  readyMs: number;
}

const WIDTH = 78;
const LABEL_WIDTH = 12;

/** What a starting server tells the person in front of it. At most 78 columns, unless a path or URL is longer. */
export function bannerOf(options: BannerOptions): string {
  const { version, readyMs, demo } = options;
  const title = `Millrace ${version}`;
  const ready = `ready in ${(readyMs / 1000).toFixed(1)} s`;
  const lines = [
    '',
    `  ${title}${ready.padStart(WIDTH - 2 - title.length)}`,
    `  ${'─'.repeat(WIDTH - 2)}`,
    ...addresses(options),
    '',
    ...clockLines(options),
    ...(demo ? demoLines(demo, options.openTo) : installationLines(options)),
    '',
    ...nextSteps(options),
    '',
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function field(label: string, value: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${value}`;
}

function addresses({ http, grpc, app, dataFolder, database }: BannerOptions): string[] {
  return [
    ...(app ? [field('App', `${http}/`)] : []),
    field('API', `${http}/swagger/`),
    field('OpenAPI', `${http}/openapi.json`),
    field('Stream', `${http.replace(/^http/, 'ws')}/v1/stream`),
    field('Events', `${http}/docs/events`),
    ...(grpc === null ? [] : [field('gRPC', grpc)]),
    field('Metrics', `${http}/metrics`),
    field('Health', `${http}/readyz`),
    field('Data', dataFolder),
    field('Database', database),
  ];
}

function clockLines({ clockFault }: BannerOptions): string[] {
  if (clockFault === null) return [];
  return [
    '  The clock is not believed: nothing is collected, expired or given up.',
    ...clockFault.split('\n').map((line) => `  ${line}`),
    '  If the time is right, say so:',
    '',
    '    npx millrace clock confirm',
    '',
  ];
}

function demoLines({ users, service_key }: DemoAccess, openTo: string | null): string[] {
  const width = Math.max(0, ...users.map(({ email }) => email.length));
  return [
    '  Demo installation: play money, and logins that everybody knows.',
    ...(openTo === null
      ? []
      : [
          `  WARNING: it listens on ${openTo}, so that others can use these logins.`,
          '  The operator’s password is made for this installation; keep it to yourself.',
        ]),
    '',
    ...users.map(({ role, email, password }) => field(role, `${email.padEnd(width)}   ${password}`)),
    field('service key', service_key),
  ];
}

function installationLines({ firstOperator, http }: BannerOptions): string[] {
  if (firstOperator === null) return ['  No demo installation: this data is yours.'];
  const { email, link } = firstOperator;
  if (email === null) {
    return [
      '  There is no operator yet. Make the first one:',
      '',
      '    npx millrace user create --role operator --email you@example.com',
    ];
  }
  const renewal = `    npx millrace user reset-link ${email}`;
  if (link === null) return ['  No operator can log in yet. A one-time link to a password is made by:', '', renewal];
  return [
    '  The first operator sets a password here, once, within 24 hours,',
    `  and logs in as ${email}:`,
    '',
    `    ${http}${link.path}`,
    '',
    '  It is not shown again. Another link, which ends this one, is made by:',
    '',
    renewal,
  ];
}

function nextSteps({ http, app, demo }: BannerOptions): string[] {
  const user = demo?.users[0];
  return [
    '  What next',
    '',
    ...(app && user ? [`    Open ${http}/ and log in as the ${user.role}.`, ''] : []),
    ...(user
      ? post(`${http}/v1/auth/login`, { email: user.email, password: user.password })
      : post(`${http}/v1/auth/registration`, { email: 'me@example.com', password: 'a long password', name: 'Me' })),
    '',
    '    npx millrace events tail   follow what happens',
    '    npx millrace status        say all this again',
    '    Ctrl-C                     stop; what was acknowledged stays',
  ];
}

function post(url: string, body: Record<string, string>): string[] {
  return [`    curl ${url} \\`, "      -H 'content-type: application/json' \\", `      -d '${JSON.stringify(body)}'`];
}
