import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';

/** The page says how a desk is added. Here its blocks are what a stranger does: on a copy of the tree, which is then tried. */
const ROOT = join(import.meta.dirname, '..', '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'adding-a-desk.md'), 'utf8');
const WORKSPACES = ['contract', 'server', 'client', 'web'];
const COPIED = [...WORKSPACES, 'docs', 'tsconfig.json', 'package.json'];
/** What the folders of a desk are called. */
const OWN_FOLDERS = /(^|\/)envelopes[./]/;
/** The migration takes the next free number. */
const NUMBER = 'NNNNNN';
const OUTSIDE_MAX = 8;
const MINUTES = 60_000;

interface Block {
  language: string;
  path: string;
  text: string;
}

/** What the runner says of tests, as far as it is looked at. */
interface TestReport {
  testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
}

const blocks: Block[] = [...PAGE.matchAll(/^```(\w+) (\S+\/\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, language, path, text]) => ({
    language: language as string,
    path: path as string,
    text: text as string,
  }),
);

const run = promisify(execFile);
let tree: string;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'millrace-desk-'));
  const isSource = (path: string): boolean => !/[/\\](node_modules|dist|test-output)$/.test(path);
  for (const name of COPIED) cpSync(join(ROOT, name), join(tree, name), { recursive: true, filter: isSource });
  linkPackages();
  for (const block of blocks) apply(block);
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** The packages are those of the tree, but the workspaces are the copy's. */
function linkPackages(): void {
  const packages = join(tree, 'node_modules');
  mkdirSync(join(packages, '@millrace'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '@millrace' && (name === '.bin' || !name.startsWith('.')))
      symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
  for (const name of WORKSPACES) symlinkSync(join(tree, name), join(packages, '@millrace', name));
}

function apply({ language, path, text }: Block): void {
  const file = join(tree, path.replace(NUMBER, nextMigration()));
  if (language !== 'diff') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    return;
  }
  let content = readFileSync(file, 'utf8');
  for (const hunk of text.split(/^@@\n/m)) {
    const lines = hunk.trimEnd().split('\n');
    const side = (without: string): string =>
      lines
        .filter((line) => !line.startsWith(without))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const parts = content.split(side('+'));
    if (parts.length !== 2) throw new Error(`${path} has these lines ${parts.length - 1} times:\n${side('+')}`);
    content = parts.join(side('-'));
  }
  writeFileSync(file, content);
}

function nextMigration(): string {
  const numbers = readdirSync(join(ROOT, 'server', 'migrations')).map((name) => Number.parseInt(name, 10) || 0);
  return String(Math.max(...numbers) + 1).padStart(NUMBER.length, '0');
}

async function compile(project: string, options: object): Promise<string> {
  const file = join(tree, project);
  writeFileSync(file, JSON.stringify(options));
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const done = await run(process.execPath, [compiler, '-p', file], { cwd: tree }).catch((error: object) => error);
  return (done as { stdout: string }).stdout;
}

describe('the desk of the page', () => {
  test('touches few files outside its own', () => {
    const outside = blocks.filter(({ path }) => !OWN_FOLDERS.test(path) && !path.includes(NUMBER));
    expect(outside.every(({ language }) => language === 'diff')).toBe(true);
    // The manifest of the schema is generated.
    expect(outside.length + 1).toBeLessThanOrEqual(OUTSIDE_MAX);
  });

  test('compiles, with everything that asks for it', { timeout: 10 * MINUTES }, async () => {
    const server = ['contract/src', 'server/src', 'client/src'];
    server.push('server/test/support/global-setup.ts', 'server/test/integration/authorization-table.ts');
    expect(await compile('tsconfig.desk.json', { extends: './tsconfig.json', include: server })).toBe('');
    const web = { extends: './tsconfig.json', include: ['src'], exclude: ['**/*.test.ts', '**/*.test.tsx'] };
    expect(await compile('web/tsconfig.desk.json', web)).toBe('');
  });

  test('has forgotten nothing that a check names, and is told to people and found by them', {
    timeout: 5 * MINUTES,
  }, async () => {
    const tests = ['web/src/app/notice-of.test.ts', 'web/src/sections/sections.test.ts'];
    tests.push('contract/src/desks/', 'server/src/desks/forgotten.test.ts', 'client/src/every-operation.test.ts');
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
    const report = join(tree, 'report.json');
    const how = ['run', '--reporter=json', `--outputFile=${report}`];
    // That some failed, it says by its exit code.
    await run(process.execPath, [vitest, ...how, ...tests], { cwd: tree, env }).catch(() => undefined);
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as TestReport;
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = results.filter(({ status }) => status !== 'passed');
    expect(failed).toEqual([]);
    expect(results).toContainEqual(expect.objectContaining({ title: expect.stringContaining('envelope_taken') }));
  });

  test('takes orders, answers, tells, expires what is due, and its books are sound', {
    timeout: 5 * MINUTES,
  }, async () => {
    const database = await createDatabase();
    const { host, user, password, database: name } = database.connection;
    const url = `postgres://${user}:${encodeURIComponent(password)}@localhost/${name}?host=${encodeURIComponent(host)}`;
    const program = join(tree, 'server', 'test', 'support', 'example-desk-run.ts');
    try {
      const { stdout } = await run(process.execPath, [program, url, join(tree, 'data')], { cwd: tree });
      expect(JSON.parse(stdout)).toEqual({
        filled: [
          { http: 201, status: 'completed' },
          { http: 201, status: 'completed' },
        ],
        refused: ['invalid_request', 'insufficient_funds'],
        taken: ['completed', 'envelope_not_open'],
        foreign: 404,
        pages: [
          ['open', true],
          ['taken', false],
        ],
        expired: 'expired',
        summary: expect.stringMatching(/^An envelope of 30\.00 USD was to be filled\. This was done/),
        told: ['envelope_expired', 'envelope_taken', 'envelope_filled', 'envelope_filled'],
        balances: { ann: '70.00', ben: '130.00' },
        // The giver's, the taker's and the envelope's for each.
        named: 3_000,
        broken: [],
        checked: ['envelopes_money'],
      });
    } finally {
      await database.drop();
    }
  });
});

test('a page whose blocks do not fit the tree is found', () => {
  expect(blocks.length).toBeGreaterThan(10);
  const wrong = { language: 'diff', path: 'server/src/desks/index.ts', text: ' no such line\n+another\n' };
  expect(() => apply(wrong)).toThrow('0 times');
});
