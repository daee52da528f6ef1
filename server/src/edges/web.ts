import helmet from '@fastify/helmet';
import files, { type SendOptions } from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_SECURITY } from './page-security.ts';

/** What stands at `/` where only the API was started. */
const NOT_BUILT_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Millrace</title>
<style>:root { color-scheme: light dark; } body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }</style>
</head>
<body>
<main>
<h1>Millrace is running</h1>
<p>The web application was not built. <code>npm start</code> builds and serves it; <code>npm run dev</code> serves it from its sources.</p>
<p>The API is here all the same: <a href="/swagger/">operations</a>, <a href="/docs/events">events</a>.</p>
</main>
</body>
</html>
`;

export interface WebEdgeOptions {
  /** Where the built application lies: `index.html`, `assets/` with hashed names, and what stands beside them. */
  folder: string;
}

/** Paths that belong to other edges: what does not exist there is a problem for programs, and no page. */
const OTHER_EDGES = /^\/(v1|docs|swagger|metrics|healthz|readyz|api|auth|ws|assets)(\/|$)/;
/** A file's name; pages have none. */
const FILE = /\.[a-z0-9]+$/i;

// Said with the file open: one that goes between the look and the reading must not be missing for a year.
/** The name holds the content's hash. */
const FOR_GOOD: SendOptions = { cacheControl: true, maxAge: 365 * 86_400_000, immutable: true };
const FOR_AN_HOUR: SendOptions = { cacheControl: true, maxAge: 3_600_000 };

/** Whether the application was built. */
export function hasWebApplication({ folder }: WebEdgeOptions): boolean {
  return existsSync(join(folder, 'index.html'));
}

/**
 * The web application, as a plugin for `createHttpServer`'s instance. Its pages live in the browser: every path that asks
 * for HTML and belongs to no other edge gets `index.html`. Files are looked up when they are asked for, so that a newer
 * build is served without a restart.
 */
export function createWebEdge(options: WebEdgeOptions): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    await app.register(helmet, PAGE_SECURITY);
    await app.register(files, { root: options.folder, serve: false, preCompressed: true, cacheControl: false });
    app.get('/*', async (request, reply) => answer(request, reply, options));
  };
}

function answer(request: FastifyRequest, reply: FastifyReply, options: WebEdgeOptions): FastifyReply {
  const path = request.url.split('?', 1)[0] as string;
  if (path.startsWith('/assets/')) {
    return sendFile(reply, path, options, FOR_GOOD);
  }
  if (FILE.test(path) && !OTHER_EDGES.test(path)) {
    return sendFile(reply, path, options, FOR_AN_HOUR);
  }
  if (OTHER_EDGES.test(path) || !(path === '/' || wantsHtml(request))) return notFound(reply);
  if (!hasWebApplication(options)) return sendNotBuilt(reply);
  return reply.header('cache-control', 'no-cache').sendFile('index.html');
}

function sendFile(reply: FastifyReply, path: string, { folder }: WebEdgeOptions, kept: SendOptions): FastifyReply {
  const name = decodePath(path);
  // Neither above the folder nor what builds leave for tools.
  const isOpen = name !== undefined && !name.split('/').some((part) => part.startsWith('.'));
  const isThere = isOpen && statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true;
  return isThere ? reply.sendFile(name, kept) : notFound(reply);
}

/** undefined where it is not well-formed. */
function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path).slice(1);
  } catch {
    return undefined;
  }
}

function notFound(reply: FastifyReply): FastifyReply {
  reply.callNotFound();
  return reply;
}

function wantsHtml({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.includes('text/html');
}

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(NOT_BUILT_PAGE);
}
