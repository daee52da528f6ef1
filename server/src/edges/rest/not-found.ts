import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../core/result.ts';
import { sendProblem } from './problems.ts';

/** `/v1/orders/:id` → a pattern that matches its paths. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

export const NOTHING_HERE: Problem = { code: 'not_found', detail: 'There is nothing at this path.' };

export function methodProblem(method: string): Problem {
  return { code: 'method_not_allowed', detail: `The path exists, but not with ${method}.` };
}

/** What a page of the web application answers; one that is none, is none with any method. */
const PAGE_METHODS = ['GET', 'HEAD'];

/**
 * Answers 404, or 405 with `Allow` where the path exists with another method. The routes are searched one by one:
 * only requests that go nowhere come here.
 *
 * @returns the methods of a path, sorted; none where it does not exist.
 */
export function answerUnknownRoutes(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // What answers every path says nothing about any.
    if (url === '*' || url === '/*') return;
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    // A route that answers HEAD answers it as a GET without a body.
    if (route.methods.has('HEAD')) route.methods.add('GET');
    routes.set(url, route);
  });

  function allowedMethods(path: string): string[] {
    const methods = [...routes.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((route) => [...route.methods]);
    if (methods.length === 0 && path === '/') return PAGE_METHODS;
    return [...new Set(methods)].sort();
  }

  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const methods = allowedMethods(request.url.split('?', 1)[0] as string);
    if (methods.length === 0 || methods.includes(request.method)) {
      return sendProblem(reply, NOTHING_HERE);
    }
    reply.header('allow', methods.join(', '));
    return sendProblem(reply, methodProblem(request.method));
  });
  return allowedMethods;
}
