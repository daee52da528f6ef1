import { expect, test } from 'vitest';
import { type BannerOptions, bannerOf } from './banner.ts';

const demo = {
  users: [
    { role: 'investor', email: 'investor@demo.millrace.local', password: 'invest' },
    { role: 'operator', email: 'operator@demo.millrace.local', password: 'operate' },
  ],
  service_key: `mrk_${'k'.repeat(43)}`,
  borrowers: [],
} satisfies BannerOptions['demo'];

const firstOperator = {
  email: 'operator@millrace.local',
  link: { path: '/reset-password#mrr_secret', expires_at: '2026-11-29T12:00:00.000Z' },
};

const options: BannerOptions = {
  version: '0.1.0',
  http: 'http://127.0.0.1:3000',
  app: true,
  grpc: null,
  dataFolder: '/home/me/millrace/.millrace',
  database: 'PostgreSQL 18.4 (embedded)',
  demo,
  firstOperator: null,
  openTo: null,
  clockFault: null,
  readyMs: 1234,
};

test('every address, the data folder and each login are named', () => {
  const text = bannerOf({ ...options, grpc: '127.0.0.1:50051' });
  for (const part of [
    'http://127.0.0.1:3000/\n',
    '/swagger/',
    '/openapi.json',
    'ws://127.0.0.1:3000/v1/stream',
    '/metrics',
    '127.0.0.1:50051',
    options.dataFolder,
    'PostgreSQL 18.4',
    'investor@demo.millrace.local   invest',
    'operator@demo.millrace.local   operate',
    demo.service_key,
    'ready in 1.2 s',
  ]) {
    expect(text).toContain(part);
  }
});

test('with the default addresses it fits 80 columns, and ends with a line end', () => {
  for (const variant of [options, { ...options, demo: null }, { ...options, demo: null, firstOperator }]) {
    const lines = bannerOf(variant).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toBe('');
  }
});

test('without a demo there are no logins; whom it waits for gets a link once, and is told how to get another', () => {
  const first = bannerOf({ ...options, demo: null, firstOperator });
  expect(first).not.toContain('demo.millrace.local');
  expect(first).toContain('    http://127.0.0.1:3000/reset-password#mrr_secret\n');
  expect(first).toContain('logs in as operator@millrace.local');
  expect(first).toContain('within 24 hours');
  const renewal = 'npx millrace user reset-link operator@millrace.local';
  expect(first).toContain(renewal);
  const later = bannerOf({ ...options, demo: null, firstOperator: { ...firstOperator, link: null } });
  expect([later.includes(renewal), later.includes('/reset-password')]).toEqual([true, false]);
  const none = bannerOf({ ...options, demo: null, firstOperator: { email: null, link: null } });
  expect(none).toContain('millrace user create --role operator');
  expect(bannerOf({ ...options, demo: null })).not.toContain('npx millrace user');
});

test('an edge that is not served is not named', () => {
  expect(bannerOf(options)).not.toContain('gRPC');
  expect(bannerOf({ ...options, app: false })).not.toContain('http://127.0.0.1:3000/\n');
});

test('a demonstration that others can reach says so', () => {
  expect(bannerOf(options)).not.toContain('WARNING');
  expect(bannerOf({ ...options, openTo: '0.0.0.0' })).toContain('WARNING: it listens on 0.0.0.0');
});

test('a clock that is not believed is said, with what to do', () => {
  const text = bannerOf({ ...options, clockFault: 'it is 2027-01-01, and was last seen at work on 2026-11-21' });
  expect(text).toContain('nothing is collected, expired or given up');
  expect(text).toContain('last seen at work on 2026-11-21');
  expect(text).toContain('npx millrace clock confirm');
  expect(bannerOf(options)).not.toContain('millrace clock');
});
