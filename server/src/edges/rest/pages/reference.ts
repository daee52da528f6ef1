import {
  audienceOf,
  type ErrorCode,
  type ErrorEntry,
  ERRORS,
  type EventEntry,
  EVENTS,
  fieldsOf,
  REASONS,
} from '@millrace/contract';
import { DOCUMENTS } from './documents.ts';
import { escapeHtml, htmlPage, htmlTable } from './html.ts';

export function indexPage(): string {
  const documents = Object.entries(DOCUMENTS).map(
    ([name, { about }]) => [`/docs/${name}`, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, about] as const,
  );
  const entries: (readonly [string, string, string])[] = [
    ['/swagger/', 'The HTTP API', 'Every operation, to read and to try (the document itself: /openapi.json)'],
    ['/docs/events', 'Events', 'What is told, to whom (as AsyncAPI: /asyncapi.json)'],
    ['/docs/errors', 'Errors', 'Every code with its remedy, and why orders are rejected'],
    ...documents,
  ];
  const items = entries.map(
    ([href, title, about]) => `<dt><a href="${href}">${escapeHtml(title)}</a></dt>\n<dd>${escapeHtml(about)}</dd>`,
  );
  return htmlPage('Documentation', `<dl>\n${items.join('\n')}\n</dl>`);
}

export function errorIndexPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { http, title, meaning }]) =>
      `<tr><td><a href="/docs/errors/${code}"><code>${code}</code></a></td><td>${http}</td><td>${escapeHtml(`${title}. ${meaning}`)}</td></tr>`,
  );
  const errors = `<div class="scroll" tabindex="0" role="group" aria-label="Errors"><table>\n<thead><tr><th scope="col">code</th><th scope="col">HTTP</th><th scope="col">meaning</th></tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>`;
  const reasons = htmlTable(
    ['reason', 'meaning'],
    Object.entries(REASONS).map(([reason, text]) => [`\`${reason}\``, text]),
  );
  return htmlPage(
    'Errors',
    `<p>Every refusal carries one of these codes, in a body of <code>application/problem+json</code> (RFC 9457).</p>\n${errors}\n` +
      `<h2>Reasons of orders</h2>\n<p>A rule that says no to an order is no error: the order exists, with a <code>reason</code>.</p>\n${reasons}`,
  );
}

export function errorPage(code: ErrorCode): string {
  const entry: ErrorEntry = ERRORS[code];
  return htmlPage(
    entry.title,
    `<p><code>${code}</code></p>\n<p>${escapeHtml(entry.meaning)}</p>\n<h2>What to do</h2>\n<p>${escapeHtml(entry.remedy)}</p>\n` +
      htmlTable(
        ['', ''],
        [
          ['HTTP status', String(entry.http)],
          ['gRPC status (that edge is not served yet)', entry.grpc],
          ['The same request may succeed later', entry.retryable ? 'yes' : 'no'],
        ],
      ),
  );
}

export function eventsPage(): string {
  const parts = Object.entries(EVENTS).map(
    ([type, entry]: [string, EventEntry]) =>
      `<h2 id="${type}"><code>${type}</code></h2>\n<p>${escapeHtml(entry.description)}</p>\n` +
      `<p>About: ${entry.subject}. Seen by: ${escapeHtml(audienceOf(entry)).replaceAll(/`([^`]+)`/g, '<code>$1</code>')}.</p>\n` +
      htmlTable(
        ['field of data', 'meaning'],
        fieldsOf(entry).map(([field, meaning]) => [`\`${field}\``, meaning]),
      ),
  );
  return htmlPage(
    'Events',
    '<p>An event is a fact that was committed, in the envelope of CloudEvents 1.0. The same cursor works in <code>GET /v1/events</code>, ' +
      `the event stream and the WebSocket. <a href="/asyncapi.json">AsyncAPI document</a></p>\n${parts.join('\n')}`,
  );
}
