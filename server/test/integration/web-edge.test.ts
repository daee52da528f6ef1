import type { FastifyInstance } from 'fastify';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer } from '../../src/edges/rest/index.ts';
import { createWebEdge } from '../../src/edges/web.ts';
import { createLog } from '../../src/ops/log.ts';

const html = { accept: 'text/html,application/xhtml+xml' };
let folder: string;
let app: FastifyInstance;

async function serve(path: string): Promise<FastifyInstance> {
  const server = createHttpServer({ log: createLog('silent') });
  server.get('/v1/things', async () => ({}));
  await server.register(createWebEdge({ folder: path }));
  return server;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-web-'));
  mkdirSync(join(folder, 'assets'));
  mkdirSync(join(folder, 'assets', 'folder'));
  mkdirSync(join(folder, '.vite'));
  writeFileSync(join(folder, 'index.html'), '<title>the application</title>');
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets', 'main-abc.js'), 'plain');
  writeFileSync(join(folder, 'assets', 'main-abc.js.br'), brotliCompressSync('plain'));
  writeFileSync(join(folder, '.vite', 'manifest.json'), '{}');
  writeFileSync(join(folder, '..', `${folder.split('/').at(-1)}.secret`), 'outside');
  app = await serve(folder);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
  rmSync(`${folder}.secret`);
});

test('every page’s address gets the application, not to be kept without asking', async () => {
  for (const url of ['/', '/loans', '/loans/loan_1?status=open', '/operate/users']) {
    const answer = await app.inject({ url, headers: html });
    expect({ url, status: answer.statusCode, body: answer.body }).toMatchObject({ status: 200 });
    expect(answer.body).toContain('the application');
    expect(answer.headers['cache-control']).toBe('no-cache');
  }
  expect((await app.inject('/')).statusCode).toBe(200);
});

test('the application may run its own scripts only, and stand in no frame', async () => {
  const { headers } = await app.inject({ url: '/', headers: html });
  expect(headers['content-security-policy']).toContain("script-src 'self';");
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('hashed files are compressed beforehand and kept for good', async () => {
  const answer = await app.inject({ url: '/assets/main-abc.js', headers: { 'accept-encoding': 'gzip, br' } });
  expect(answer.headers).toMatchObject({ 'content-encoding': 'br', vary: expect.stringMatching(/accept-encoding/i) });
  expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(answer.headers['content-type']).toContain('javascript');
  const plain = await app.inject({ url: '/assets/main-abc.js', headers: { 'accept-encoding': 'identity' } });
  expect(plain.body).toBe('plain');
});

test('what is no file is not kept for good as missing', async () => {
  for (const url of ['/assets/', '/assets/folder', '/assets/none-abc.js', '/none.svg']) {
    const answer = await app.inject(url);
    expect({ url, status: answer.statusCode, kept: answer.headers['cache-control'] }).toEqual({ url, status: 404 });
  }
});

test('what is not there, and what is not of the application, is a problem and no page', async () => {
  const urls = ['/v1/nothing', '/docs/nothing', '/assets/old-1.js', '/missing.svg', '/.vite/manifest.json'];
  const outside = `/..%2f${folder.split('/').at(-1)}.secret`;
  for (const url of [...urls, outside]) {
    const answer = await app.inject({ url, headers: html });
    expect({ url, status: answer.statusCode }).toEqual({ url, status: 404 });
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['cache-control']).toBeUndefined();
  }
  expect((await app.inject({ url: '/loans', headers: { accept: 'application/json' } })).statusCode).toBe(404);
});

test('other methods are told apart as before: no path, or no such method', async () => {
  expect((await app.inject({ method: 'POST', url: '/v1/things' })).statusCode).toBe(405);
  expect((await app.inject({ method: 'POST', url: '/v1/nothing' })).statusCode).toBe(404);
});

test('without a build the pages say so, and the API works', async () => {
  const bare = await serve(join(folder, 'nothing-here'));
  const answer = await bare.inject({ url: '/', headers: html });
  expect(answer.statusCode).toBe(503);
  expect(answer.body).toContain('npm start');
  expect((await bare.inject('/v1/things')).statusCode).toBe(200);
  await bare.close();
});
