import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { ERRORS, type ErrorCode, openApiDocument } from '@millrace/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_SECURITY } from '../../page-security.ts';
import { sendNotFound } from '../handlers/handler.ts';
import { documentPage, DOCUMENTS, type DocumentName } from './documents.ts';
import { SWAGGER_FACE } from './html.ts';
import { errorIndexPage, errorPage, eventsPage, indexPage } from './reference.ts';

/** Paths for people: no operations, and free for everybody. */
export const PAGE_PREFIXES = ['/docs', '/swagger'] as const;

function sendHtml(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'public, max-age=300')
    .send(html);
}

/** The reference pages, from the registries, and Swagger UI on the OpenAPI document. */
export async function registerPages(app: FastifyInstance): Promise<void> {
  await app.register(helmet, PAGE_SECURITY);
  // The document is written by our own generator; the plugin only hands it to the page.
  await app.register(swagger, { mode: 'static', specification: { document: openApiDocument() as never } });
  await app.register(swaggerUi, {
    routePrefix: '/swagger',
    // No badge: it would tell a validator on the internet about every installation.
    ...SWAGGER_FACE,
    uiConfig: { validatorUrl: null, displayRequestDuration: true },
  });
  const pages: Readonly<Record<string, string>> = {
    '/docs': indexPage(),
    '/docs/errors': errorIndexPage(),
    '/docs/events': eventsPage(),
  };
  for (const [url, html] of Object.entries(pages)) app.get(url, async (_request, reply) => sendHtml(reply, html));
  for (const name of Object.keys(DOCUMENTS) as DocumentName[]) {
    app.get(`/docs/${name}`, async (_request, reply) => {
      const page = await documentPage(name);
      return page === undefined ? sendNotFound(reply) : sendHtml(reply, page);
    });
  }
  app.get('/docs/errors/:code', async (request: FastifyRequest, reply) => {
    const { code } = request.params as { code: string };
    return Object.hasOwn(ERRORS, code) ? sendHtml(reply, errorPage(code as ErrorCode)) : sendNotFound(reply);
  });
}
