import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ChannelEntry } from './desks/desk.ts';
import { CHANNELS, channelName } from './desks/index.ts';
import { OVERDUE_LABELS } from './desks/vocabulary.ts';
import { EVERYBODY } from './roles.ts';
import { ClockView } from './schemas/installation.ts';
import { CLIENT_FRAMES, ReloadReason, SERVER_FRAMES, STREAM_CLOSE_CODES } from './schemas/stream.ts';

// What a page lists by hand, with more words than the catalogue has, is compared with the catalogue here.
const page = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');
const stream = page('reference/stream.md');
const operations = page('operations.md');
const cli = page('reference/cli.md');

/** From a heading to the next one. */
function section(text: string, heading: string): string {
  const from = text.indexOf(`\n${heading}\n`);
  expect([heading, from]).not.toEqual([heading, -1]);
  const rest = text.slice(from + heading.length + 2);
  return rest.slice(0, /^#{2,4} /m.exec(rest)?.index);
}

/** What stands in the first column of a section's tables. */
function firstColumn(text: string): string[] {
  return [...text.matchAll(/^\| (?!---)(.+?) \|/gm)].map(([, cell]) => (cell as string).replaceAll('`', ''));
}

const channels = Object.entries<ChannelEntry>(CHANNELS);
const sorted = (names: Iterable<string>): string[] => [...names].toSorted();

describe('the page of the stream has', () => {
  test('every channel, with who may follow it', () => {
    const rows = [...section(stream, '### Channels').matchAll(/^\| `(.+?)` \| .+ \| (.+) \|$/gm)];
    const needs = ({ role, scope }: ChannelEntry): string => {
      const parts = [role && `role ${role}`, scope && `scope \`${scope}\``].filter(Boolean);
      return parts.length > 0 ? parts.join(', ') : 'to be logged in';
    };
    expect(Object.fromEntries(rows.map(([, name, who]) => [name, who]))).toEqual(
      Object.fromEntries(channels.map(([kind, entry]) => [channelName(kind, entry), needs(entry)])),
    );
  });

  test('every frame, every reason to reload and every code of a close', () => {
    const frames = section(stream, '### Frames');
    for (const op of Object.keys(CLIENT_FRAMES)) expect(frames).toContain(`| \`{"op":"${op}"`);
    const told = Object.keys(SERVER_FRAMES).filter(
      (op) => !frames.includes(`"op":"${op}"`) && !frames.includes(`\`${op}\``),
    );
    expect(told).toEqual([]);
    const reasons = [...section(stream, '### Coming back').matchAll(/^- `(\w+)`:/gm)].map(([, reason]) => reason);
    expect(reasons).toEqual(ReloadReason.enum);
    const codes = firstColumn(section(stream, '### Limits, and how the server closes')).filter(
      (cell) => cell !== 'code',
    );
    expect(codes).toEqual(Object.keys(STREAM_CLOSE_CODES));
  });
});

describe('the page for operators has', () => {
  test('all that can be overdue', () => {
    const names = firstColumn(section(operations, '### What is overdue')).filter((cell) => cell !== 'name');
    expect(sorted(names)).toEqual(sorted(Object.keys(OVERDUE_LABELS)));
  });

  test('every fault of the clock', () => {
    const faults = firstColumn(section(operations, '## When the clock is not believed')).filter(
      (cell) => cell !== 'fault',
    );
    expect(sorted(faults)).toEqual(sorted(ClockView.properties.fault.anyOf[0].enum));
  });
});

describe('the page of the command line has', () => {
  test('every channel', () => {
    const row = section(cli, '### `millrace events tail`').match(/^\| `--channel CHANNEL` \| ([^;]+);/m)?.[1];
    const named = [...(row ?? '').matchAll(/`(.+?)`/g)].map(([, name]) => name as string);
    expect(sorted(named)).toEqual(sorted(channels.map(([kind, entry]) => channelName(kind, entry))));
  });

  test('every role', () => {
    const row = section(cli, '### `millrace user create --email ADDRESS`').match(/^\| `--role ROLE` \| (.+) \|$/m)?.[1];
    const named = [...(row ?? '').matchAll(/`(\w+)`/g)].map(([, role]) => role as string);
    expect(sorted(named)).toEqual(sorted(EVERYBODY));
  });
});

describe('files that pages name are there', () => {
  const root = join(import.meta.dirname, '..', '..');
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'web/README.md',
    ...['docs', 'docs/reference'].flatMap((folder) =>
      readdirSync(join(root, folder)).flatMap((file) => (file.endsWith('.md') ? [`${folder}/${file}`] : [])),
    ),
  ];

  test.each(pages)('%s links to files that there are', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#|\/)([^)#\s]+)/g)].map(([, target]) => target as string);
    expect(targets.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
  });

  test('the page of the architecture names files of the tree', () => {
    const named = [...page('architecture.md').matchAll(/`([\w./-]+\.(?:ts|mjs|sql))`/g)].map(
      ([, file]) => file as string,
    );
    const places = [
      '',
      'server/src',
      'server/test',
      'server/test/support',
      'server/test/integration',
      'contract/src/desks',
      'contract/src/desks/lending',
    ];
    expect(named.filter((file) => !places.some((place) => existsSync(join(root, place, file))))).toEqual([]);
    expect(named.length).toBeGreaterThan(50);
  });
});
