import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { htmlPage } from './html.ts';

/** The project's documents, in the order in which they are best read. Errors and events have pages of their own. */
export const DOCUMENTS = {
  architecture: { file: 'architecture.md', about: 'The way of an order, step by step, with the file of each' },
  'adding-a-desk': { file: 'adding-a-desk.md', about: 'A whole small desk, from the contract to its page' },
  operations: { file: 'operations.md', about: 'Settings, backups, limits, and what to do when something breaks' },
  stream: {
    file: 'reference/stream.md',
    about: 'Following events and placing orders over a WebSocket, and as server-sent events',
  },
  reading: {
    file: 'reading.md',
    about: 'How amounts, rates, dates and files are read that people type, paste and import',
  },
  cli: { file: 'reference/cli.md', about: 'The command line' },
  benchmarks: { file: 'benchmarks.md', about: 'How fast it is, how that was measured, and what falls short' },
} as const;

export type DocumentName = keyof typeof DOCUMENTS;

/** The folder `docs/` of the project. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', '..', 'docs');
/** Pages that are made from the registries, by the file that says the same. */
const PAGE_OF_FILE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(DOCUMENTS).map(([name, { file }]) => [file, `/docs/${name}`])),
  'reference/errors.md': '/docs/errors',
  'reference/events.md': '/docs/events',
};

const rendered = new Map<DocumentName, string>();

/** The document as a page; undefined where this installation came without it. Each is rendered when it is first asked for. */
export async function documentPage(name: DocumentName): Promise<string | undefined> {
  const known = rendered.get(name);
  if (known !== undefined) return known;
  const { file } = DOCUMENTS[name];
  const path = join(FOLDER, file);
  if (!existsSync(path)) return undefined;
  const page = await render(readFileSync(path, 'utf8'), file);
  rendered.set(name, page);
  return page;
}

async function render(markdown: string, file: string): Promise<string> {
  // Only who reads documents pays for what renders them.
  const [{ Marked }, { default: Slugger }] = await Promise.all([import('marked'), import('github-slugger')]);
  const slugger = new Slugger();
  let title = '';
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        if (depth === 1) {
          title = text;
          return '';
        }
        const id = slugger.slug(text);
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        const target = addressOf(href, file);
        return target === undefined ? text : `<a href="${target}">${text}</a>`;
      },
      image: ({ text }) => `<em>${text}</em>`,
    },
  });
  const body = await marked.parse(markdown);
  // A wide table scrolls by itself, and can be scrolled by keyboard.
  const scrolling = body
    .replaceAll('<table>', '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>')
    .replaceAll('</table>', '</table></div>');
  return htmlPage(title, scrolling);
}

/** Where a link of a document leads on this server; undefined for what it does not serve, such as a source file. */
function addressOf(href: string, file: string): string | undefined {
  if (/^(https?:|#|\/)/.test(href)) return href;
  const [path = '', hash] = href.split('#', 2);
  const page = PAGE_OF_FILE[posix.join(posix.dirname(file), path)];
  return page === undefined ? undefined : `${page}${hash === undefined ? '' : `#${hash}`}`;
}
