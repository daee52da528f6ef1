import type { QueryClient } from '@tanstack/react-query';
import {
  type AnyRoute,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type ParsedLocation,
  redirect,
} from '@tanstack/react-router';
import { PageSkeleton } from '../design/skeletons.tsx';
import { sections } from '../sections/index.ts';
import type { PageRoute } from '../sections/section.ts';
import { type Role, sessionQuery } from '../session/index.ts';
import { ErrorPage } from './error-page.tsx';
import { NotAllowedPage } from './not-allowed-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell.tsx';

export interface RouterContext {
  cache: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Shell, notFoundComponent: NotFoundPage });

/** Where somebody of this role begins. */
export function homeOf(role: Role): string {
  return sections.find(({ home }) => home?.roles.includes(role))?.home?.to ?? '/settings';
}

async function admit(page: PageRoute, { cache }: RouterContext, location: ParsedLocation): Promise<void> {
  if (page.audience === 'everybody') return;
  const user = await cache.ensureQueryData(sessionQuery);
  if (page.audience === 'visitors') {
    if (user !== null) throw redirect({ to: homeOf(user.role), replace: true });
    return;
  }
  if (user === null) throw redirect({ to: '/login', search: { next: location.href }, replace: true });
  if (!page.audience.includes(user.role)) throw new NotAllowed();
}

/** The page exists, but not for this role. */
class NotAllowed extends Error {}

function routeOf(page: PageRoute): AnyRoute {
  return createRoute({
    getParentRoute: () => root,
    path: page.path,
    validateSearch: (raw: Record<string, unknown>) => raw,
    beforeLoad: ({ context, location }) => admit(page, context, location),
    component: lazyRouteComponent(async () => ({ default: await page.load() })),
    errorComponent: ({ error, reset }) =>
      error instanceof NotAllowed ? <NotAllowedPage /> : <ErrorPage error={error} reset={reset} />,
    // Another loan is another page, though the code is the same.
    remountDeps: ({ params }) => params,
  });
}

export function createPageRouter(cache: QueryClient) {
  return createRouter({
    routeTree: root.addChildren(sections.flatMap(({ pages }) => pages.map(routeOf))),
    context: { cache },
    defaultPreload: 'intent',
    // Data is the query cache's; only code is loaded ahead.
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: ErrorPage,
    scrollRestoration: true,
  });
}
