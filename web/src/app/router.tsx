import { addressOf, searchOf } from './search-params.ts';
import type { QueryClient } from '@tanstack/react-query';
import {
  type AnyRoute,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type ParsedLocation,
  redirect,
  type RouteComponent,
  useRouteContext,
} from '@tanstack/react-router';
import { PageSkeleton } from '../design/skeletons.tsx';
import { sections } from '../sections/index.ts';
import type { PageRoute } from '../sections/section.ts';
import { type Role, sessionQuery } from '../session/index.ts';
import { ErrorPage, NotAllowedPage, NotFoundPage } from './fallback-pages.tsx';
import { Shell } from './shell.tsx';

export interface RouterContext {
  cache: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Shell, notFoundComponent: NotFoundPage });

/** Where a user of this role begins. */
export function homeOf(role: Role): string {
  return sections.find(({ home }) => home?.roles.includes(role))?.home?.to ?? '/settings';
}

/** Sends away who has to be somewhere else. @returns whether this person may see the page; a refusal is no error. */
async function admit(page: PageRoute, { cache }: RouterContext, location: ParsedLocation): Promise<boolean> {
  if (page.audience === 'everybody') return true;
  const user = await cache.ensureQueryData(sessionQuery);
  if (page.audience === 'visitors') {
    if (user !== null) throw redirect({ to: homeOf(user.role), replace: true });
    return true;
  }
  if (user === null) throw redirect({ to: '/login', search: { next: location.href }, replace: true });
  return page.audience.includes(user.role);
}

/** The page, or why this person does not see it. */
function admitted(page: PageRoute): RouteComponent {
  const Content = lazyRouteComponent(async () => ({ default: await page.load() }));
  function Admitted() {
    const { isAdmitted } = useRouteContext({ strict: false }) as { isAdmitted?: boolean };
    return isAdmitted === false ? <NotAllowedPage audience={page.audience} /> : <Content />;
  }
  Admitted.preload = (): Promise<void> => Content.preload?.() ?? Promise.resolve();
  return Admitted;
}

function routeOf(page: PageRoute): AnyRoute {
  return createRoute({
    getParentRoute: () => root,
    path: page.path,
    validateSearch: (raw: Record<string, unknown>) => raw,
    beforeLoad: async ({ context, location }) => ({ isAdmitted: await admit(page, context, location) }),
    component: admitted(page),
    // Another loan is another page, though the code is the same.
    remountDeps: ({ params }) => params,
  });
}

export function createPageRouter(cache: QueryClient) {
  return createRouter({
    routeTree: root.addChildren(sections.flatMap(({ pages }) => pages.map(routeOf))),
    context: { cache },
    parseSearch: searchOf,
    stringifySearch: addressOf,
    defaultPreload: 'intent',
    // Data is the query cache's; only code is loaded ahead.
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: ErrorPage,
    scrollRestoration: true,
  });
}
