import { ERRORS, type ErrorEntry } from './errors.ts';
import type { EventEntry } from './desks/desk.ts';
import { audienceOf, EVENTS, fieldsOf } from './desks/index.ts';

const NOTE = '<!-- Made from the registry by `npm run generate`. Change the registry, not this page. -->';

/** docs/reference/errors.md */
export function errorsPage(): string {
  const parts = Object.entries(ERRORS).map(([code, entry]: [string, ErrorEntry]) =>
    [
      `## \`${code}\``,
      `**${entry.title}.** HTTP ${entry.http} · gRPC ${entry.grpc} · ${entry.retryable ? 'the same request may succeed later' : 'do not send the same request again'}`,
      entry.meaning,
      `What to do: ${entry.remedy}`,
    ].join('\n\n'),
  );
  const intro =
    'Every refusal, on every edge, carries one of these codes. Over HTTP the body is `application/problem+json` (RFC 9457), and its ' +
    '`type` leads to the page of the code. An order that a rule refuses is no error: it exists, with `status: "rejected"` and a `reason`. ' +
    'The gRPC status is for an edge that is not served yet.';
  return `${[NOTE, '# Errors', intro, ...parts].join('\n\n')}\n`;
}

/** docs/reference/events.md */
export function eventsPage(): string {
  const parts = Object.entries(EVENTS).map(([type, entry]: [string, EventEntry]) =>
    [
      `## \`${type}\``,
      entry.description,
      `About: ${entry.subject} · seen by: ${audienceOf(entry)}`,
      [
        '| field | meaning |',
        '| --- | --- |',
        ...fieldsOf(entry).map(([field, meaning]) => `| \`${field}\` | ${meaning} |`),
      ].join('\n'),
    ].join('\n\n'),
  );
  const intro =
    'An event is a fact that was committed. It travels in the envelope of CloudEvents 1.0 (JSON): `id` is `<shard>-<sequence>`, gap-free per ' +
    'shard and in commit order; the fields below are those of `data`. The same cursor works in `GET /v1/events`, the event stream and the WebSocket.';
  return `${[NOTE, '# Events', intro, ...parts].join('\n\n')}\n`;
}
