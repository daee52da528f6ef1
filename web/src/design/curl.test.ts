import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlOf } from './curl.ts';

test('a shell reads from the call exactly what the page sent', () => {
  const body = { purpose: `Anna's "roof" & $HOME \\ \`id\`` };
  const call = curlOf({ origin: 'http://127.0.0.1:3000', method: 'POST', path: '/v1/loans?q=it%27s', body });
  const script = `curl() { printf '%s\\n' "$@"; }; MILLRACE_TOKEN=secret; ${call}`;
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
  expect(words).toEqual([
    'http://127.0.0.1:3000/v1/loans?q=it%27s',
    '-X',
    'POST',
    '-H',
    'Authorization: Bearer secret',
    '-H',
    'Content-Type: application/json',
    '-d',
    JSON.stringify(body),
  ]);
});
