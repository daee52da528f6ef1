import { asyncApiDocument, STREAM_CLOSE_CODES } from '@millrace/contract';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeEdge, startFakeEdge } from '../support/rest-fakes.ts';

const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs');
let edge: FakeEdge;

beforeAll(async () => {
  edge = await startFakeEdge();
});
afterAll(() => edge?.stop());

const namesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length));

const PAGES = ['/docs', ...[...namesOf(DOCS), ...namesOf(join(DOCS, 'reference'))].map((name) => `/docs/${name}`)];

it.each(PAGES)('%s is a page in our face that leads back, with links that lead somewhere', async (url) => {
  const { statusCode, headers, body } = await edge.app.inject({ url });
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(body.match(/<h1>/g)).toHaveLength(1);
  expect(body).toContain('<a class="brand" href="/">');
  const links = new Set([...body.matchAll(/href="(\/[^"#]*)/g)].map((match) => match[1] as string));
  for (const link of links) {
    // The application's own.
    if (link === '/' || link === '/favicon.svg') continue;
    expect([link, (await edge.app.inject({ url: link })).statusCode]).toEqual([link, 200]);
  }
  const anchors = [...body.matchAll(/href="#([^"]*)"/g)].map((match) => match[1] as string);
  for (const anchor of anchors) expect(body).toContain(`id="${anchor}"`);
});

it('anchors of other pages are there', async () => {
  for (const url of PAGES) {
    const { body } = await edge.app.inject({ url });
    for (const [, page, anchor] of body.matchAll(/href="(\/docs[^"#]*)#([^"]+)"/g))
      expect((await edge.app.inject({ url: page as string })).body).toContain(`id="${anchor}"`);
  }
});

it('Swagger UI wears our face and leads back', async () => {
  const page = await edge.app.inject({ url: '/swagger/' });
  expect(page.body).toContain('<title>The HTTP API · Millrace</title>');
  expect((await edge.app.inject({ url: '/swagger/static/theme/millrace.css' })).body).toContain('--accent');
  expect((await edge.app.inject({ url: '/swagger/static/swagger-initializer.js' })).body).toContain('/docs');
});

it('every code that a socket is closed with is told, in the document of the stream and to generators of clients', async () => {
  const { body } = await edge.app.inject({ url: '/docs/stream' });
  const document = JSON.stringify(asyncApiDocument());
  expect(Object.keys(STREAM_CLOSE_CODES).length).toBeGreaterThan(5);
  for (const [code, meaning] of Object.entries(STREAM_CLOSE_CODES)) {
    expect(body).toContain(`<td>${code}</td>`);
    expect(document).toContain(`${code}: ${meaning}`);
  }
});
