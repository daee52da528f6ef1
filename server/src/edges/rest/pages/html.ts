import type { FastifySwaggerUiOptions } from '@fastify/swagger-ui';

/** Text as it may stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The wheel above the water; the web application's mark. */
const MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0e7478"/><circle cx="16" cy="15" r="7.5" fill="none" stroke="#fff" stroke-width="2.4"/><path d="M16 5.5v19M6.5 15h19" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/><path d="M4 27c2.4 0 2.4-1.6 4.8-1.6S11.2 27 13.6 27s2.4-1.6 4.8-1.6S20.8 27 23.2 27s2.4-1.6 4.8-1.6" fill="none" stroke="#9fdadb" stroke-width="2" stroke-linecap="round"/></svg>';

/** The application's colours, for the pages that are not made by it. */
const COLOURS = `
:root { color-scheme: light dark; --page: #f8fafb; --surface: #fff; --text: #161d22; --dimmed: #5a6772; --line: #d0d8de; --accent: #0e7478; --code: #f1f4f6; }
@media (prefers-color-scheme: dark) { :root { --page: #12181d; --surface: #1b242b; --text: #e8edf0; --dimmed: #9fadb6; --line: #3b4852; --accent: #6dc6c8; --code: #2b363f; } }
`;

const STYLE = `${COLOURS}
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; background: var(--page); color: var(--text); overflow-wrap: break-word; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
main a, p a { text-decoration: underline; text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
header { background: var(--surface); border-bottom: 1px solid var(--line); }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1rem; max-width: 64rem; margin: 0 auto; padding: .25rem 1rem; }
.bar a { display: inline-flex; align-items: center; gap: .5rem; min-height: 44px; font-size: .875rem; }
.bar .brand { font-size: 1rem; font-weight: 650; color: var(--text); margin-right: .5rem; }
main { max-width: 64rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 650; }
h2 { font-size: 1.25rem; line-height: 1.35; font-weight: 650; margin-top: 2.5rem; }
h3 { font-size: 1rem; font-weight: 650; margin-top: 2rem; }
p, li { max-width: 46rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem 1rem .45rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--dimmed); font-weight: 600; }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--code); border-radius: 4px; padding: .1em .3em; }
pre { background: var(--code); border-radius: 6px; padding: .75rem 1rem; overflow-x: auto; }
pre code { background: none; padding: 0; }
td code { white-space: nowrap; }
dt { font-weight: 600; margin-top: 1rem; }
dd { margin: 0; color: var(--dimmed); }
@media print { header { display: none; } body { background: none; } }
`;

const LINKS: readonly (readonly [string, string])[] = [
  ['/docs', 'Documentation'],
  ['/swagger/', 'HTTP API'],
  ['/docs/stream', 'Stream'],
  ['/docs/events', 'Events'],
  ['/docs/errors', 'Errors'],
  ['/docs/operations', 'Operations'],
];

const NAVIGATION =
  `<header><nav class="bar" aria-label="Documentation"><a class="brand" href="/">${MARK}Millrace</a>` +
  `${LINKS.map(([href, text]) => `<a href="${href}">${text}</a>`).join('')}</nav></header>`;

/** A whole page around `body`, which is HTML already. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<title>${escapeHtml(title)} · Millrace</title>
<style>${STYLE}</style>
</head>
<body>
${NAVIGATION}
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/** A table of texts; each cell is escaped, cells in backquotes become code. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string =>
    text.startsWith('`') ? `<code>${escapeHtml(text.slice(1, -1))}</code>` : escapeHtml(text);
  const headRow = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const bodyRows = rows.map((row) => `<tr>${row.map((text) => `<td>${cell(text)}</td>`).join('')}</tr>`).join('\n');
  return `<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>\n<thead><tr>${headRow}</tr></thead>\n<tbody>\n${bodyRows}\n</tbody>\n</table></div>`;
}

/** Swagger UI keeps its own two schemes; what is ours is the bar that leads back, the letters and the accent. */
const SWAGGER_STYLE = `${COLOURS}
.swagger-ui, .swagger-ui .info .title, .swagger-ui .opblock-tag, .swagger-ui .opblock .opblock-summary-description, .swagger-ui label, .swagger-ui .btn, .swagger-ui .info li, .swagger-ui .info p { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.swagger-ui .topbar { padding: 6px 0; }
.swagger-ui .topbar .download-url-wrapper { display: none; }
.swagger-ui .topbar-wrapper a, .swagger-ui .topbar-wrapper .link { max-width: none; }
.swagger-ui .topbar-wrapper .link::after { content: "Millrace documentation"; font-weight: 650; margin-left: .5rem; }
.swagger-ui .topbar-wrapper img { height: 28px; }
.swagger-ui .opblock { box-shadow: none; border-radius: 6px; }
.swagger-ui .scheme-container { box-shadow: none; }
.swagger-ui .btn { box-shadow: none; }
.swagger-ui .btn.authorize, .swagger-ui .btn.execute { background: #0e7478; border-color: #0e7478; color: #fff; }
.swagger-ui .btn.authorize span { color: #fff; }
.swagger-ui .btn.authorize svg { fill: #fff; }
`;

/** How Swagger UI looks, and where it leads back to. */
export const SWAGGER_FACE: Pick<FastifySwaggerUiOptions, 'theme' | 'logo'> = {
  theme: {
    title: 'The HTTP API · Millrace',
    css: [{ filename: 'millrace.css', content: SWAGGER_STYLE }],
    favicon: [
      { filename: 'favicon.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: Buffer.from(MARK) },
    ],
  },
  logo: { type: 'image/svg+xml', content: Buffer.from(MARK), href: '/docs', target: '_self' },
};
